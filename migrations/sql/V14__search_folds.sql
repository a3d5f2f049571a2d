-- Search finds what is plainly there: any piece of a text, whatever its case, its accents and the form it is
-- written in (docs/contract/api.md, API-SEARCH; docs/adr/0015). What a task is found by is kept, folded, in a
-- table of its own: a move writes the task's row anew and leaves that table alone, and reading a board does
-- not read it. It replaces the full-text index, which found whole words alone.
--
-- Nothing here waits for the rows that exist: triggers keep the table from now on, `migrate` fills in what is
-- older, piece by piece (task_search_fill), and a task that is still missing is folded when it is searched.

DO $$
BEGIN
    IF getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'the database has the encoding %, it must be UTF8', getdatabaseencoding()
            USING HINT = 'Create another one with ENCODING ''UTF8'' TEMPLATE template0, and restore a dump into it.';
    END IF;
END $$;

-- A text as it is searched. It does not depend on the database's collation: lower() would (in a database
-- made with --locale=C it knows A to Z alone), so each capital of Unicode 14 is listed with its small
-- letter. app/src/utilities/search.ts does the same, and docs/contract/search.json holds both to it.
CREATE FUNCTION search_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    capitals CONSTANT text COLLATE "C" :=
        'ÆÐØÞĐĦıŁŊŒŦƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƢƤƦƧƩƬƮƱƲƳƵƷƸƼǤǶǷȜȠȢȤȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶͿΑΒΓΔΕΖΗΘΙΚΛ'
        'ΜΝΞΟΠΡΣΤΥΦΧΨΩςϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮ'
        'ѰѲѴѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶ'
        'ԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᎠᎡᎢᎣᎤᎥᎦᎧ'
        'ᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵᲀᲁ'
        'ᲂᲃᲄᲅᲆᲇᲈᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿỺỼỾℲↃⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕ'
        'ⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌ'
        'ⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜ'
        'ꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟐꟖꟘꟵ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖'
        '𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌'
        '𐖍𐖎𐖏𐖐𐖑𐖒𐖔𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴'
        '𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡';
    small    CONSTANT text COLLATE "C" :=
        'æðøþđħiłŋœŧɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵƣƥʀƨʃƭʈʊʋƴƶʒƹƽǥƕƿȝƞȣȥⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷϳαβγδεζηθικλ'
        'μνξοπρστυφχψωσϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯ'
        'ѱѳѵѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզ'
        'էըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭꭰꭱꭲꭳꭴꭵꭶꭷ'
        'ꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽвд'
        'осттъѣꙋაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿỻỽỿⅎↄⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅ'
        'ⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍ'
        'ⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝ'
        'ꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔʂᶎꟈꟊꟑꟗꟙꟶ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾'
        '𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳'
        '𐖴𐖵𐖶𐖷𐖸𐖹𐖻𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔'
        '𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃';
    folded   text COLLATE "C" := value;
    found    text COLLATE "C";
BEGIN
    IF octet_length(folded) <> char_length(folded) THEN
        -- Compatibility forms are taken apart; accents, points and what is invisible go.
        folded := regexp_replace(normalize(folded, NFKD),
            '[\u00AD\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u061C\u0640\u064B-\u065F\u0670'
            '\u180B-\u180F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u206F\u20D0-\u20FF'
            '\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\U000E0100-\U000E01EF]+', '', 'g');
    END IF;
    IF octet_length(folded) <> char_length(folded) THEN
        folded := replace(replace(folded, 'ß', 'ss'), 'ẞ', 'ss');
        IF folded ~ '[\u2010-\u201F\u2212]' THEN
            folded := translate(folded,
                U&'\2018\2019\201A\201B\201C\201D\201E\201F\2010\2011\2012\2013\2014\2015\2212',
                '''''''''""""-------');
        END IF;
        -- translate() compares each character with each letter it is given: give it those that occur.
        IF folded ~ ('[' || capitals || ']') THEN
            SELECT string_agg(DISTINCT letter, '') INTO found
            FROM regexp_split_to_table(regexp_replace(folded, '[^' || capitals || ']+', '', 'g'), '') AS each_letter (letter);
            folded := translate(folded, found, translate(found, capitals, small));
        END IF;
        folded := translate(normalize(folded, NFC), U&'\0085\1680\2028\2029', '    ');
    END IF;
    folded := lower(folded);
    IF folded ~ '[\t-\r]' THEN
        folded := translate(folded, E'\t\n\v\f\r', '     ');
    END IF;
    IF strpos(folded, '  ') > 0 THEN
        folded := regexp_replace(folded, ' +', ' ', 'g');
    END IF;
    RETURN folded;
END $$;

-- What a task is found by: a line each for title, description, labels, assignee, and its number.
CREATE FUNCTION search_text(title text, description text, labels text[], assigned_to text, id bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_fold(title) || E'\n' || search_fold(description) || E'\n' || search_fold(array_to_string(labels, ' '))
        || E'\n' || coalesce(search_fold(assigned_to), '') || E'\n#' || id;
END $$;

-- What a query asks for: words, "phrases" and -exclusions. `terms` are the folded words and phrases, `wanted`
-- the same as patterns, `unwanted` the patterns of the exclusions. A word that begins with several hyphens is a
-- word, and so is a hyphen alone.
CREATE FUNCTION search_query(q text, OUT terms text[], OUT wanted text[], OUT unwanted text[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    WITH tokens AS (
        SELECT match[1] AS token, match[1] ~ '^-[^-]' AS excluded
        FROM regexp_matches(
            translate(q, E'\t\n\v\f\r' || U&'\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000', repeat(' ', 25)),
            '-?["\u201C-\u201E][^"\u201C-\u201E]*(?:["\u201C-\u201E](?= |$)|$)|[^ ]+', 'g') AS each_match (match)
    ), bodies AS (
        SELECT CASE WHEN excluded THEN substr(token, 2) ELSE token END AS body, excluded FROM tokens
    ), folded AS (
        SELECT DISTINCT excluded, btrim(search_fold(
            CASE WHEN body ~ '^["\u201C-\u201E][^"\u201C-\u201E]*["\u201C-\u201E]?$'
                 THEN btrim(body, U&'"\201C\201D\201E') ELSE body END)) AS term
        FROM bodies
    ), patterns AS (
        SELECT excluded, term, '%' || regexp_replace(term, '([\\%_])', '\\\1', 'g') || '%' AS pattern
        FROM folded WHERE term <> ''
    )
    SELECT coalesce(array_agg(term) FILTER (WHERE NOT excluded), '{}'),
        coalesce(array_agg(pattern) FILTER (WHERE NOT excluded), '{}'),
        coalesce(array_agg(pattern) FILTER (WHERE excluded), '{}')
    INTO terms, wanted, unwanted FROM patterns;
END $$;

-- How well a term fits a `search_text` that holds it, from 0, the best: it is the title or the number; it is
-- a word of the title, begins one, is within one; then the same of the rest.
CREATE FUNCTION search_rank(folded text, term text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    title text COLLATE "C" := split_part(folded, E'\n', 1);
    rest  text COLLATE "C";
BEGIN
    IF term IN (title, split_part(folded, E'\n', -1)) THEN
        RETURN 0;
    ELSIF strpos(title, term) > 0 THEN
        title := ' ' || title || ' ';
        RETURN CASE WHEN strpos(title, ' ' || term || ' ') > 0 THEN 1 WHEN strpos(title, ' ' || term) > 0 THEN 2 ELSE 3 END;
    END IF;
    rest := replace(folded, E'\n', ' ') || ' ';
    RETURN CASE WHEN strpos(rest, ' ' || term || ' ') > 0 THEN 4 WHEN strpos(rest, ' ' || term) > 0 THEN 5 ELSE 6 END;
END $$;

-- No index on the text: a search reads the rows of one board, in milliseconds (docs/adr/0015).
CREATE TABLE task_search (
    board_id bigint NOT NULL,
    task_id  bigint NOT NULL,
    folded   text COLLATE "C" NOT NULL,
    PRIMARY KEY (board_id, task_id),
    FOREIGN KEY (board_id, task_id) REFERENCES tasks ON DELETE CASCADE
);

-- Triggers, so that nothing that writes tasks can go around them: adding, changing, importing, undoing, and
-- the programs of the version before.
CREATE FUNCTION task_search_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO task_search (board_id, task_id, folded)
    VALUES (NEW.board_id, NEW.id, search_text(NEW.title, NEW.description, NEW.labels, NEW.assigned_to, NEW.id))
    ON CONFLICT (board_id, task_id) DO UPDATE SET folded = EXCLUDED.folded;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_search_added AFTER INSERT ON tasks
FOR EACH ROW EXECUTE FUNCTION task_search_keep();
-- By its condition, not by UPDATE OF: a change of a task sets all its columns.
CREATE TRIGGER tasks_search_changed AFTER UPDATE ON tasks
FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.labels, OLD.assigned_to) IS DISTINCT FROM (NEW.title, NEW.description, NEW.labels, NEW.assigned_to))
EXECUTE FUNCTION task_search_keep();

-- Folds tasks that are older than this table: looks at the next `most` after the task (after_board,
-- after_task) and answers which was the last, or nulls where there was none left. `migrate` calls it until
-- then, each time in a transaction of its own. Where a write was faster, what that folded stays.
CREATE FUNCTION task_search_fill(after_board bigint, after_task bigint, most bigint, OUT last_board bigint, OUT last_task bigint)
LANGUAGE sql AS $$
    WITH batch AS MATERIALIZED (
        SELECT board_id, id, title, description, labels, assigned_to FROM tasks
        WHERE (board_id, id) > (after_board, after_task) ORDER BY board_id, id LIMIT most
    ), added AS (
        INSERT INTO task_search (board_id, task_id, folded)
        SELECT board_id, id, search_text(title, description, labels, assigned_to, id) FROM batch
        WHERE NOT EXISTS (SELECT FROM task_search AS old WHERE (old.board_id, old.task_id) = (batch.board_id, batch.id))
        ON CONFLICT (board_id, task_id) DO NOTHING
    )
    SELECT board_id, id FROM batch ORDER BY board_id DESC, id DESC LIMIT 1
$$;

-- Programs of the version before do without it for as long as they run.
DROP INDEX tasks_text;
