/** Small helpers over the document, so that the views read like what they show. */

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any} the first match; it is an error of ours when there is none
 */
export function find(root, selector) {
  const element = root.querySelector(selector);
  if (!element) {
    throw new Error(`nothing matches ${selector}`);
  }
  return element;
}

/** @param {string} id of a template in index.html @returns {any} a fresh copy of its only element */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {Element} */ (template.content.firstElementChild).cloneNode(true);
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] `class` and attributes by name; functions are listeners
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

/** @param {string} name of a symbol in index.html @returns {SVGElement} */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Touches the document only where something differs. @param {Node} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** @param {string} text for screen readers only, politely */
export function announce(text) {
  const announcer = find(document, "#announcer");
  // The same sentence twice would not be heard the second time.
  announcer.textContent = announcer.textContent === text ? `${text}\u00a0` : text;
}

/** @returns {boolean} whether things may move about on the screen */
export function motionAllowed() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
