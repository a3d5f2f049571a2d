/** The kit: what every screen is built of. */

export { announce, Announcer } from "./announcer";
export { Avatar, Badge, Chip, type BadgeTone } from "./avatar";
export { Banner, EmptyState, type BannerTone } from "./banner";
export { Button, IconButton, type ButtonKind, type ButtonProps, type Focusable } from "./button";
export { BarList, DataTable, ScatterChart, SeriesChart } from "./charts";
export { SegmentedControl, type Option } from "./choice";
export { ConfirmDialog, Dialog, Sheet, type DialogProps } from "./dialog";
export { Icon, type IconName } from "./icon";
export { Layer } from "./layer";
export { Link, type LinkProps } from "./link";
export { Menu, type MenuItem, type MenuProps } from "./menu";
export { initialsOf } from "./person-look";
export { Select } from "./select";
export { Skeleton, Spinner } from "./spinner";
export { Heading, Text, VisuallyHidden, type TextVariant, type Tone } from "./text";
export { TextField, type TextFieldProps } from "./text-field";
export { Toasts } from "./toasts";
export { toast, dismissToast, type ToastOptions, type ToastTone } from "../state/toasts";
export { useShortcuts, type Shortcut, type ShortcutGroup } from "../utilities/shortcuts";
