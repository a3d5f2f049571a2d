/** What a screen reader gets: Chromium's accessibility tree, rather than the attributes it is computed from. */

/**
 * @typedef {object} AccessibleNode
 * @property {string} role
 * @property {string} name
 * @property {string} description
 * @property {string | number | undefined} value
 * @property {Record<string, unknown>} states `disabled`, `busy`, `checked`, `expanded`, `url` and the like
 */

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<AccessibleNode[]>} all nodes that are not ignored
 */
export async function treeOf(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, value, properties = [] }) => ({
      role: role.value,
      name: name?.value ?? "",
      description: description?.value ?? "",
      value: value?.value,
      states: Object.fromEntries(
        properties.map((each) => [each.name, each.value.value]),
      ),
    }));
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} role
 * @param {string} name
 * @returns {Promise<AccessibleNode | undefined>} the first with this role and name
 */
export async function nodeOf(page, role, name) {
  const tree = await treeOf(page);
  return tree.find((node) => node.role === role && node.name === name);
}
