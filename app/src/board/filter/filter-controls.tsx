/** In the head of a board: the search, and what folds the filters away. */

import { useState, type RefObject } from "react";
import { StyleSheet } from "react-native";
import { spacing, useLayout } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { useTexts } from "../../utilities/texts";
import { Button, IconButton, type Focusable } from "../../components/button";
import { TextField } from "../../components/text-field";
import { chosen, isEmpty, NO_FILTER, searchable, type Filter } from "./filters";

export interface FilterProps {
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** The search field, for the shortcut that leads to it. */
  readonly field: RefObject<Focusable | null>;
}

export function FilterControls({
  open,
  onOpen,
  ...props
}: FilterProps & {
  /** Whether the filters are unfolded. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}) {
  const { filter, onFilter } = props;
  const texts = useTexts().board;
  const { layout } = useLayout();
  const count = chosen(filter);
  const toggle = {
    icon: "filter",
    label: count > 0 ? texts.filtersOn(count) : texts.filters,
    expanded: open,
    onPress: () => onOpen(!open),
  } as const;
  return (
    <>
      {layout !== "phone" && <SearchField {...props} />}
      {layout === "wide" ? (
        <Button kind={count > 0 ? "secondary" : "quiet"} size="small" {...toggle} />
      ) : (
        <IconButton tone={isEmpty(filter) ? "textMuted" : "accent"} {...toggle} />
      )}
      {!isEmpty(filter) && (
        <IconButton icon="close" label={texts.clearFilters} onPress={() => onFilter(NO_FILTER)} />
      )}
    </>
  );
}

export function SearchField({ filter, onFilter, field }: FilterProps) {
  const { board: texts, kit } = useTexts();
  const [cut, setCut] = useState<string | null>(null);
  const wide = useLayout().layout === "wide";
  return (
    <TextField
      ref={field}
      label={texts.search}
      hideLabel
      icon="search"
      placeholder={wide ? texts.searchHint : texts.search}
      value={filter.text}
      error={cut}
      onChangeText={(text) => {
        const length = lengthOf(text);
        setCut(length > LIMITS.search ? kit.tooLong(length, LIMITS.search) : null);
        onFilter({ ...filter, text: searchable(text) });
      }}
      onKeyDown={(event) => {
        if (pressedKey(event) === "Escape" && filter.text !== "") {
          event.preventDefault();
          onFilter({ ...filter, text: "" });
        }
      }}
      style={[styles.search, wide && styles.wide]}
    />
  );
}

const styles = StyleSheet.create({
  search: { width: 170, flexShrink: 1, minWidth: 110, marginVertical: -spacing.xxs },
  wide: { width: 280 },
});
