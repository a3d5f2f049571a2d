/** Markdown drawn with the app's own elements. */

import { createContext, memo, useContext, useMemo } from "react";
import { Linking, Platform, StyleSheet, Text as NativeText, View } from "react-native";
import { radii, spacing, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { parseMarkdown, type Block, type Inline, type Item } from "../utilities/markdown-parse";
import { boxesIn, wordsOf } from "../utilities/task-list";
import { onWeb } from "../utilities/web";
import { Text, VisuallyHidden } from "./text";
import { TickBox } from "./tick-box";
import { useSeen } from "./use-seen";

/** What a box of a task list does when it is pressed; null where it may not be. */
const Ticking = createContext<((item: Item) => void) | null>(null);

export const Markdown = memo(function Markdown({
  source,
  onTick,
}: {
  readonly source: string;
  /** Called with the number of the box, from 0 in the order of the text; without it boxes are only shown. */
  readonly onTick?: (box: number, checked: boolean) => void;
}) {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  const tick = useMemo(
    () =>
      onTick === undefined
        ? null
        : (item: Item) => onTick(boxesIn(blocks).indexOf(item), item.checked !== true),
    [blocks, onTick],
  );
  return (
    <Ticking.Provider value={tick}>
      <Blocks blocks={blocks} />
    </Ticking.Provider>
  );
});

/** One text of many: parsed once it is seen, and until then shown as it was written. */
export const MarkdownWhenSeen = memo(function MarkdownWhenSeen({
  source,
}: {
  readonly source: string;
}) {
  const { seen, ref } = useSeen();
  return <View ref={ref}>{seen ? <Markdown source={source} /> : <Text>{source}</Text>}</View>;
});

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <View style={styles.blocks}>
      {blocks.map((block, index) => (
        <OneBlock key={index} block={block} />
      ))}
    </View>
  );
}

function OneBlock({ block }: { readonly block: Block }) {
  const { colours, type } = useTheme();
  switch (block.kind) {
    case "heading":
      return (
        <Text
          role="heading"
          // The task's own headings are of levels 2 and 3; those of its text are below them.
          {...onWeb({ "aria-level": Math.min(6, block.level + 3) })}
          style={[styles.heading, block.level <= 2 && styles.large]}
        >
          <Inlines parts={block.children} />
        </Text>
      );
    case "code":
      return (
        <View style={[styles.code, { backgroundColor: colours.sunken }]}>
          <Text variant="small" style={{ fontFamily: type.mono }}>
            {block.text}
          </Text>
        </View>
      );
    case "quote":
      return (
        <View style={[styles.quote, { borderLeftColor: colours.borderStrong }]}>
          <Blocks blocks={block.blocks} />
        </View>
      );
    case "list":
      return <List block={block} />;
    case "table":
      return <Table rows={block.rows} />;
    case "rule":
      return <View style={[styles.rule, { backgroundColor: colours.border }]} />;
    default:
      return (
        <Text>
          <Inlines parts={block.children} />
        </Text>
      );
  }
}

function List({ block }: { readonly block: Extract<Block, { kind: "list" }> }) {
  return (
    <View role="list" style={styles.list}>
      {block.items.map((item, index) => (
        <View key={index} role="listitem" style={styles.item}>
          <Bullet item={item} number={block.start === null ? null : block.start + index} />
          <View style={styles.grow}>
            <Blocks blocks={item.blocks} />
          </View>
        </View>
      ))}
    </View>
  );
}

function Bullet({ item, number }: { readonly item: Item; readonly number: number | null }) {
  const tick = useContext(Ticking);
  if (item.checked !== null && tick !== null) {
    return <TickBox label={wordsOf(item)} checked={item.checked} onChange={() => tick(item)} />;
  }
  return (
    <Text aria-hidden={item.checked === null} style={styles.bullet}>
      {mark(item.checked, number)}
    </Text>
  );
}

function mark(checked: boolean | null, number: number | null): string {
  if (checked !== null) {
    return checked ? "☑" : "☐";
  }
  return number === null ? "•" : `${number}.`;
}

function Table({ rows }: { readonly rows: Extract<Block, { kind: "table" }>["rows"] }) {
  const { colours } = useTheme();
  return (
    <View role="table" style={[styles.table, { borderColor: colours.border }]}>
      {rows.map((row, index) => (
        <View key={index} role="row" style={styles.row}>
          {row.map((cell, place) => (
            <View
              key={place}
              role={index === 0 ? "columnheader" : "cell"}
              style={[styles.cell, { borderColor: colours.border }]}
            >
              <Text variant={index === 0 ? "label" : "small"}>
                <Inlines parts={cell} />
              </Text>
            </View>
          ))}
        </View>
      ))}
    </View>
  );
}

function Inlines({ parts }: { readonly parts: readonly Inline[] }) {
  return parts.map((part, index) => <OneInline key={index} part={part} />);
}

function OneInline({ part }: { readonly part: Inline }) {
  const { colours, type } = useTheme();
  switch (part.kind) {
    case "text":
      return part.text;
    case "break":
      return "\n";
    case "code":
      return (
        <NativeText style={{ fontFamily: type.mono, backgroundColor: colours.sunken }}>
          {part.text}
        </NativeText>
      );
    case "link":
      return <Link part={part} />;
    default:
      return (
        <NativeText style={styles[part.kind]}>
          <Inlines parts={part.children} />
        </NativeText>
      );
  }
}

function Link({ part }: { readonly part: Extract<Inline, { kind: "link" }> }) {
  const { colours } = useTheme();
  const texts = useTexts().task;
  const { href } = part;
  if (href === null) {
    return (
      <>
        <NativeText style={styles.del}>
          <Inlines parts={part.children} />
        </NativeText>
        <VisuallyHidden>{` (${texts.linkBlocked})`}</VisuallyHidden>
      </>
    );
  }
  return (
    <NativeText
      role="link"
      {...onWeb({ href, hrefAttrs: { rel: "noopener noreferrer nofollow", target: "_blank" } })}
      onPress={Platform.OS === "web" ? undefined : () => void Linking.openURL(href)}
      style={[styles.link, { color: colours.accent }]}
    >
      <Inlines parts={part.children} />
    </NativeText>
  );
}

const styles = StyleSheet.create({
  blocks: { gap: spacing.s },
  heading: { fontWeight: "700" },
  large: { fontSize: 18 },
  code: { padding: spacing.m, borderRadius: radii.s },
  quote: { borderLeftWidth: 3, paddingLeft: spacing.m },
  list: { gap: spacing.xs },
  item: { flexDirection: "row", gap: spacing.s },
  bullet: { minWidth: 18 },
  rule: { height: 1, marginVertical: spacing.s },
  table: { borderWidth: 1, borderRadius: radii.s },
  row: { flexDirection: "row" },
  cell: { flex: 1, padding: spacing.s, borderWidth: StyleSheet.hairlineWidth },
  grow: { flex: 1 },
  strong: { fontWeight: "700" },
  em: { fontStyle: "italic" },
  del: { textDecorationLine: "line-through" },
  link: { textDecorationLine: "underline" },
});
