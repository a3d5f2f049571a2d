/** English texts of the help sheet for the keyboard. */

export const shortcuts = {
  title: "Keyboard shortcuts",
  everywhere: "Everywhere",
  help: "Show this list",
  palette: "Go to a board, a card or an action",
  general: "Tab goes from control to control, Enter chooses, Escape closes.",
  keys: {
    Control: "Ctrl",
    Enter: "Enter",
    Escape: "Esc",
    Delete: "Del",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    " ": "Space",
  },
};
