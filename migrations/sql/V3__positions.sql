-- Where a task stands in its column: a text between those of its neighbours.
--
-- A move writes one row, whatever else stands in the column. The texts are computed here, under the
-- board's lock, because only there the neighbours are certain; two moves can never get one place.
--
-- Form: a whole number and, where places were taken between two of them, a fraction, both in digits
-- of base 62 (0-9 A-Z a-z: the order of their bytes). The first letter says how many digits the
-- whole number has, so that texts sort as the numbers do: `a` 1, `b` 2 … `z` 26, and below those
-- `Z` 1, `Y` 2 … `A` 26 for what was put before `a0`, where everything starts. A fraction does not
-- end in `0`: so no two texts mean one number.
--
-- At an end the whole number moves on by one: n appended tasks have O(log n) digits. In between it
-- is the middle, rounded where the gap is at least 62 wide in the last digit: a bisection loses
-- little over one bit of the 5.95 that a digit has, and a thousand in one gap need 175 bytes.
-- (The idea of such keys is known as fractional indexing; this rounding is our own.)

-- The value of the n-th digit; past the end there are only zeros.
CREATE FUNCTION position_digit(digits text, n integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN n > length(digits) THEN 0
           ELSE strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(digits, n, 1)) - 1 END
$$;

-- How many digits the whole number has behind this first letter.
CREATE FUNCTION position_width(head text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ascii(head) >= 97 THEN ascii(head) - 96 ELSE 91 - ascii(head) END
$$;

-- The whole number before (`step` -1) or after (`step` 1) the one in `place`.
CREATE FUNCTION position_step(place text, step integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    alphabet CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    head     text := left(place, 1);
    digits   text := substr(place, 2, position_width(head));
    moved    text := '';
    value    integer;
BEGIN
    FOR n IN REVERSE length(digits) .. 1 LOOP
        value := position_digit(digits, n) + step;
        moved := substr(alphabet, (value + 62) % 62 + 1, 1) || moved;
        IF value BETWEEN 0 AND 61 THEN
            RETURN head || left(digits, n - 1) || moved;
        END IF;
    END LOOP;
    -- Past the last number of this width. The letters run out after 62 to the 26th steps.
    head := CASE
        WHEN head = 'Z' AND step = 1 THEN 'a'
        WHEN head = 'a' AND step = -1 THEN 'Z'
        ELSE chr(ascii(head) + step)
    END;
    RETURN head || repeat(CASE WHEN step = 1 THEN '0' ELSE 'z' END, position_width(head));
END $$;

-- A place after `low` and before `high`; NULL is the column's beginning or end.
CREATE FUNCTION position_between(low text, high text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    alphabet CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    width       integer;
    low_digits  text;
    high_digits text;
    gap         integer := 0;
    n           integer := 0;
    suffix      text := '';
    carry       integer;
    digits      text;
    stepped        text;
BEGIN
    IF high IS NULL THEN
        RETURN CASE WHEN low IS NULL THEN 'a0' ELSE position_step(low, 1) END;
    ELSIF low IS NULL THEN
        stepped := left(high, 1 + position_width(high));
        RETURN CASE WHEN stepped = high THEN position_step(high, -1) ELSE stepped END;
    ELSIF low COLLATE "C" >= high COLLATE "C" THEN
        RAISE EXCEPTION 'there is no position between % and %', low, high;
    END IF;

    width := position_width(low);
    IF left(low, 1) = left(high, 1) THEN
        low_digits := substr(low, 2);
        high_digits := substr(high, 2);
    ELSE
        stepped := position_step(low, 1);
        IF stepped COLLATE "C" < high COLLATE "C" THEN
            RETURN stepped;
        END IF;
        -- `low` has the last whole number of its width and `high` is the very next: in digits of
        -- the same width with one more in front, 0zz… and 100….
        low_digits := '0' || substr(low, 2);
        high_digits := '1';
        width := width + 1;
    END IF;

    -- As many digits as it takes for the gap to be wide in the last of them.
    WHILE gap < 62 LOOP
        n := n + 1;
        gap := gap * 62 + position_digit(high_digits, n) - position_digit(low_digits, n);
    END LOOP;
    -- low + gap / 2, from the last digit on to the left.
    carry := gap / 2;
    digits := rpad(left(low_digits, n), n, '0');
    WHILE carry > 0 LOOP
        carry := carry + position_digit(digits, n);
        suffix := substr(alphabet, carry % 62 + 1, 1) || suffix;
        carry := carry / 62;
        n := n - 1;
    END LOOP;
    digits := rtrim(left(digits, n) || suffix, '0');
    digits := rpad(digits, greatest(width, length(digits)), '0');
    RETURN left(low, 1) || right(digits, length(digits) - (length(low_digits) - length(low) + 1));
END $$;
