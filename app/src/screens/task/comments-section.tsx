/** What is said about a task. Teams only. */

import { StyleSheet, View } from "react-native";
import { Avatar, Badge, Banner, Menu, Spinner, Text } from "../../components";
import { useEditInPlace } from "../../board/edit-in-place";
import { LeftDrafts } from "../../board/trouble/left-drafts";
import { deleteCommentUndoably } from "../../board/activity/undo-change";
import { useNow } from "../../components/use-now";
import { useNameOf } from "../../state/names";
import { useComments } from "../../state/task-queries";
import type { BoardComment } from "../../sync";
import { radii, spacing, useTheme } from "../../theme";
import { useReturnFocus } from "../../utilities/focus";
import { LIMITS } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { useFormats } from "../../utilities/texts/formats";
import { useOfferUndo } from "../../board/activity/use-undo";
import { DraftEditor, DraftMark } from "../../board/draft-editor";
import { MarkdownWhenSeen } from "../../components/markdown";
import { NewComment } from "./new-comment";
import type { TaskPartProps } from "./task-part";
import { TaskSection } from "./task-section";

/** How the drafts of changed comments are named, before the comment's id. */
const CHANGE = "comment/";

export function CommentsSection({
  me,
  mayOwn,
  ...part
}: TaskPartProps & { readonly me: string | null; readonly mayOwn: boolean }) {
  const texts = useTexts().task;
  const [heading, toHeading] = useReturnFocus();
  const { comments, fromDevice, isPending, error } = useComments(part.board, part.task.id);
  const isGone = (field: string) =>
    field.startsWith(CHANGE) && !comments.some(({ id }) => field === CHANGE + id);
  return (
    <TaskSection ref={heading} title={texts.comments}>
      {error !== null && !fromDevice && comments.length === 0 && (
        <Banner tone="warning">{texts.commentsFailed}</Banner>
      )}
      {fromDevice && (
        <Text variant="small" tone="textMuted" role="status">
          {texts.commentsFromDevice}
        </Text>
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
              onDeleted={toHeading}
            />
          ))}
        </View>
      )}
      {part.mayEdit && !isPending && error === null && (
        <LeftDrafts address={part.board.address} task={part.task.id} of={isGone} />
      )}
      {part.mayEdit && <NewComment {...part} />}
    </TaskSection>
  );
}

function OneComment({
  board,
  task,
  mayEdit,
  comment,
  own,
  mayDelete,
  onDeleted,
}: TaskPartProps & {
  readonly comment: BoardComment;
  readonly own: boolean;
  readonly mayDelete: boolean;
  readonly onDeleted: () => void;
}) {
  const { colours } = useTheme();
  const texts = useTexts().task;
  const nameOf = useNameOf();
  const offerUndo = useOfferUndo(board);
  const { id, body, version } = comment;
  const [edit, opener] = useEditInPlace(
    { address: board.address, task: task.id, field: CHANGE + id },
    body,
  );
  // One that the server has not named yet cannot be changed.
  const changeable = mayEdit && id > 0;
  const items = [
    ...(own
      ? [
          {
            key: "edit",
            label: texts.editComment,
            icon: "edit",
            onPress: edit.open,
          } as const,
        ]
      : []),
    {
      key: "delete",
      label: texts.deleteComment,
      icon: "trash",
      danger: true,
      onPress: () => {
        offerUndo({ words: texts.commentDeleted, ...deleteCommentUndoably(board, task.id, id) });
        onDeleted();
      },
    } as const,
  ];
  return (
    <View role="listitem" style={styles.comment}>
      <Avatar name={comment.author ?? comment.created_by} decorative />
      <View
        style={[styles.bubble, { backgroundColor: colours.surface, borderColor: colours.border }]}
      >
        <View style={styles.head}>
          <CommentFacts comment={comment} />
          <DraftMark edit={edit} />
          {changeable && (own || mayDelete) && (
            <Menu
              ref={opener}
              label={texts.commentMenu(comment.author ?? nameOf(comment.created_by))}
              items={items}
            />
          )}
        </View>
        {own && changeable && edit.editing ? (
          <DraftEditor
            edit={edit}
            current={body}
            label={texts.editComment}
            lines={3}
            maxLength={LIMITS.comment}
            missing={texts.commentMissing}
            onSave={(text) => board.changeComment(task.id, id, text, { body, version })}
          />
        ) : (
          <MarkdownWhenSeen source={body} />
        )}
      </View>
    </View>
  );
}

function CommentFacts({ comment }: { readonly comment: BoardComment }) {
  const texts = useTexts().task;
  const formats = useFormats();
  const nameOf = useNameOf();
  const now = useNow();
  const made = Date.parse(comment.created_at);
  return (
    <View style={styles.facts}>
      <Text variant="label" style={styles.author}>
        {comment.author ?? nameOf(comment.created_by)}
      </Text>
      <Text variant="caption" tone="textMuted">
        {formats.relative(comment.created_at, Math.max(now, made))}
        {comment.version > 1 || comment.updated_at !== comment.created_at
          ? ` · ${texts.edited}`
          : ""}
        {comment.author === undefined ? "" : ` · ${texts.importedBy(nameOf(comment.created_by))}`}
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
  author: { minWidth: 0, flexShrink: 1 },
  facts: { flex: 1, flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
});
