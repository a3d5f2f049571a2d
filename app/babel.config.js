/** Jest knows no modules of the newer kind: in its tests `import()` is a `require` that is answered later. */
const importByRequire = ({ template }) => ({
  visitor: {
    Import({ parentPath }) {
      const [name] = parentPath.node.arguments;
      parentPath.replaceWith(
        template.expression.ast`Promise.resolve().then(() => require(${name}))`,
      );
    },
  },
});

module.exports = (api) => {
  api.cache(true);
  return { presets: ["babel-preset-expo"], env: { test: { plugins: [importByRequire] } } };
};
