/** How cards travel. Callers ask `motionAllowed` first. */

const TIMING = { duration: 260, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" };

/** What is under way, so that a second journey starts from where the card really stands. @type {WeakMap<Element, Animation>} */
const journeys = new WeakMap();

/**
 * A move inside the list, or an arrival.
 *
 * @param {HTMLElement} card
 * @param {DOMRect | null} from where it was; null for a new one
 */
export function glide(card, from) {
  if (!from) {
    card.animate([{ opacity: 0, transform: "translateY(-6px)" }, { opacity: 1 }], TIMING);
    return;
  }
  journeys.get(card)?.cancel();
  const to = card.getBoundingClientRect();
  const x = from.left - to.left;
  const y = from.top - to.top;
  if (x !== 0 || y !== 0) {
    const path = [{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }];
    journeys.set(card, card.animate(path, TIMING));
  }
}

/**
 * A move from one column to another: a likeness of the card crosses over everything, because the
 * columns clip what is in them.
 *
 * @param {HTMLElement} card
 * @param {DOMRect} from
 */
export function fly(card, from) {
  journeys.get(card)?.cancel();
  const to = card.getBoundingClientRect();
  const ghost = likeness(card, to);
  ghost.classList.add("is-flying");
  document.body.append(ghost);
  card.classList.add("is-away");
  const path = [
    { transform: `translate(${from.left}px, ${from.top}px)` },
    { transform: `translate(${to.left}px, ${to.top}px)` },
  ];
  const land = () => {
    ghost.remove();
    card.classList.remove("is-away");
  };
  const flight = ghost.animate(path, { ...TIMING, duration: 320, fill: "both" });
  flight.onfinish = land;
  flight.oncancel = land;
}

/**
 * @param {HTMLElement} card
 * @param {DOMRect} size
 * @returns {HTMLElement} a copy that nobody can reach, fixed to the window's corner
 */
export function likeness(card, size) {
  const ghost = document.createElement("div");
  ghost.className = "card ghost";
  ghost.append(.../** @type {HTMLElement} */ (card.cloneNode(true)).childNodes);
  ghost.setAttribute("aria-hidden", "true");
  ghost.inert = true;
  ghost.style.width = `${size.width}px`;
  ghost.style.height = `${size.height}px`;
  return ghost;
}
