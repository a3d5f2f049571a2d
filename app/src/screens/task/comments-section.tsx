/** What is said about a task. Teams only. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar, Badge, Banner, Heading, Menu, Spinner, Text } from "../../components";
import { useNow } from "../../components/board/use-now";
import { useDraft } from "../../state/drafts";
import { useComments } from "../../state/queries";
import type { BoardComment } from "../../state/types";
import { radii, spacing, useTheme } from "../../theme";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { DraftEditor } from "./draft-editor";
import { Markdown } from "./markdown";
import { MAX_COMMENT, NewComment } from "./new-comment";
import type { TaskPartProps } from "./task-part";

export function CommentsSection({
  me,
  mayOwn,
  ...part
}: TaskPartProps & { readonly me: string | null; readonly mayOwn: boolean }) {
  const texts = useTexts().task;
  const { comments, isPending, error } = useComments(part.board, part.task.id);
  return (
    <View style={styles.all}>
      <Heading level={2} look={3}>
        {texts.comments}
      </Heading>
      {error !== null && comments.length === 0 && (
        <Banner tone="warning">{texts.commentsFailed}</Banner>
      )}
      {isPending ? (
        <Spinner />
      ) : comments.length === 0 && error === null ? (
        <Text variant="small" tone="textMuted">
          {texts.noComments}
        </Text>
      ) : (
        <View role="list" style={styles.all}>
          {comments.map((comment) => (
            <OneComment
              key={comment.id}
              {...part}
              comment={comment}
              own={comment.created_by === me}
              mayDelete={comment.created_by === me || mayOwn}
            />
          ))}
        </View>
      )}
      {part.mayEdit && <NewComment {...part} />}
    </View>
  );
}

function OneComment({
  board,
  task,
  mayEdit,
  comment,
  own,
  mayDelete,
}: TaskPartProps & {
  readonly comment: BoardComment;
  readonly own: boolean;
  readonly mayDelete: boolean;
}) {
  const { colours } = useTheme();
  const texts = useTexts().task;
  const { id, body, version } = comment;
  const draft = useDraft({ address: board.address, task: task.id, field: `comment/${id}` }, body);
  const [open, setOpen] = useState(false);
  // One that the server has not named yet cannot be changed.
  const changeable = mayEdit && id > 0;
  const items = [
    ...(own
      ? [
          {
            key: "edit",
            label: texts.editComment,
            icon: "edit",
            onPress: () => setOpen(true),
          } as const,
        ]
      : []),
    {
      key: "delete",
      label: texts.deleteComment,
      icon: "trash",
      danger: true,
      onPress: () => board.deleteComment(task.id, id),
    } as const,
  ];
  return (
    <View role="listitem" style={styles.comment}>
      <Avatar name={comment.created_by} decorative />
      <View
        style={[styles.bubble, { backgroundColor: colours.surface, borderColor: colours.border }]}
      >
        <View style={styles.head}>
          <CommentFacts comment={comment} />
          {changeable && (own || mayDelete) && (
            <Menu label={texts.commentMenu(comment.created_by)} items={items} />
          )}
        </View>
        {own && changeable && (open || draft.dirty) ? (
          <DraftEditor
            draft={draft}
            current={body}
            label={texts.editComment}
            lines={3}
            maxLength={MAX_COMMENT}
            required
            onSave={(text) => board.changeComment(task.id, id, text, { body, version })}
            onCancel={() => setOpen(false)}
          />
        ) : (
          <Markdown source={body} />
        )}
      </View>
    </View>
  );
}

function CommentFacts({ comment }: { readonly comment: BoardComment }) {
  const texts = useTexts().task;
  const formats = useFormats();
  const now = useNow();
  const made = Date.parse(comment.created_at);
  return (
    <View style={styles.facts}>
      <Text variant="label">{comment.created_by}</Text>
      <Text variant="caption" tone="textMuted">
        {formats.relative(comment.created_at, Math.max(now, made))}
        {comment.version > 1 ? ` · ${texts.edited}` : ""}
      </Text>
      {comment.waiting && <Badge tone="warning" icon="upload" label={texts.waiting} />}
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.m },
  comment: { flexDirection: "row", gap: spacing.s },
  bubble: { flex: 1, borderWidth: 1, borderRadius: radii.m, padding: spacing.m, gap: spacing.xs },
  head: { flexDirection: "row", alignItems: "center", minHeight: 32 },
  facts: { flex: 1, flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
