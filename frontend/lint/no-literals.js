/*
 * Every text that a person reads comes from a catalogue, or it could not be translated. Letters and
 * quotation marks are texts; a dash, a dot or a percent sign between two values is not.
 */
const TEXT = /[\p{L}“”"]/u;

const SAID = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "description",
  "error",
  "label",
  "placeholder",
  "title",
  "valueFormat",
]);

/** The first text in an expression that is drawn as it stands. */
function written(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" && TEXT.test(node.value) ? node : null;
    case "TemplateLiteral":
      return node.quasis.find(({ value }) => TEXT.test(value.raw)) ?? null;
    case "ConditionalExpression":
      return written(node.consequent) ?? written(node.alternate);
    case "LogicalExpression":
      return written(node.right);
    default:
      return null;
  }
}

export const noLiterals = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const report = (node) => {
      if (node) context.report({ node, message: "Say it in the catalogue, not here." });
    };
    return {
      JSXText: (node) => {
        if (TEXT.test(node.value)) report(node);
      },
      JSXExpressionContainer: (node) => {
        if (node.parent.type !== "JSXAttribute") report(written(node.expression));
      },
      JSXAttribute: ({ name, value }) => {
        if (!SAID.has(name.name)) return;
        report(written(value?.type === "JSXExpressionContainer" ? value.expression : value));
      },
    };
  },
};
