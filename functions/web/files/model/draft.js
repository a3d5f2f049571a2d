/**
 * A draft is what somebody is typing over an entity that others change meanwhile. A three-way merge,
 * field by field: what was not touched follows the others, what was touched stays as typed, and
 * where both changed the same field differently the person chooses.
 */

/**
 * @typedef {Record<string, string>} Values field to text, as in the form
 *
 * @typedef {object} Draft
 * @property {Values} base the newest values seen from the server
 * @property {number} version the version of `base`, for `If-Match`
 * @property {Values} mine what the form shows
 * @property {Values} theirs only the fields that collide: the others' newest value
 */

/**
 * @param {Values} base
 * @param {number} version
 * @returns {Draft}
 */
export function beginDraft(base, version) {
  return { base: { ...base }, version, mine: { ...base }, theirs: {} };
}

/**
 * @param {Draft} draft
 * @param {string} field
 * @param {string} value
 * @returns {Draft}
 */
export function typed(draft, field, value) {
  return settled({ ...draft, mine: { ...draft.mine, [field]: value } });
}

/**
 * The entity changed elsewhere.
 *
 * @param {Draft} draft
 * @param {Values} fresh its values now
 * @param {number} version its version now; one that is not newer changes nothing
 * @returns {Draft}
 */
export function rebased(draft, fresh, version) {
  if (version <= draft.version) {
    return draft;
  }
  const mine = { ...draft.mine };
  const theirs = { ...draft.theirs };
  for (const [field, value] of Object.entries(fresh)) {
    const changedThere = value !== draft.base[field];
    const touchedHere = draft.mine[field] !== draft.base[field];
    if (changedThere && touchedHere) {
      theirs[field] = value;
    } else if (changedThere) {
      mine[field] = value;
    }
  }
  return settled({ base: { ...fresh }, version, mine, theirs });
}

/**
 * The person decided about a field that collides.
 *
 * @param {Draft} draft
 * @param {string} field
 * @param {"mine" | "theirs"} side
 * @returns {Draft}
 */
export function chosen(draft, field, side) {
  const { [field]: value, ...theirs } = draft.theirs;
  const mine = side === "theirs" ? { ...draft.mine, [field]: value } : draft.mine;
  return { ...draft, mine, theirs };
}

/**
 * @param {Draft} draft
 * @returns {Values} what is to be sent: the fields that differ from the server's
 */
export function changed(draft) {
  return Object.fromEntries(
    Object.entries(draft.mine).filter(([field, value]) => value !== draft.base[field]),
  );
}

/**
 * @param {Draft} draft
 * @returns {string[]} the fields about which the person has yet to choose
 */
export function collisions(draft) {
  return Object.keys(draft.theirs);
}

/** Where both sides say the same, there is nothing to choose. @param {Draft} draft @returns {Draft} */
function settled(draft) {
  const theirs = Object.fromEntries(
    Object.entries(draft.theirs).filter(([field, value]) => draft.mine[field] !== value),
  );
  return { ...draft, theirs };
}
