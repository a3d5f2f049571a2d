/** Short messages at the edge of the screen, with at most one thing to do about each. */

import { create } from "zustand";

export type ToastTone = "neutral" | "success" | "warning" | "danger";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: ToastTone;
  readonly action: { readonly label: string; readonly onPress: () => void } | null;
  /** In milliseconds; it waits longer while the pointer or the keyboard is on it. */
  readonly lasts: number;
}

export interface ToastOptions {
  readonly tone?: ToastTone;
  readonly action?: Toast["action"];
  readonly lasts?: number;
}

interface Toasts {
  readonly toasts: readonly Toast[];
  show(text: string, options?: ToastOptions): number;
  dismiss(id: number): void;
}

/** More than these would cover the screen: the oldest go first. */
const AT_ONCE = 3;
const LASTS = 5_000;
/** What can be undone stays long enough to be read and reached (WCAG 2.2.1). */
const LASTS_WITH_ACTION = 10_000;

let next = 1;

export const useToasts = create<Toasts>()((set) => ({
  toasts: [],
  show: (text, { tone = "neutral", action = null, lasts } = {}) => {
    const id = next;
    next += 1;
    const toast: Toast = {
      id,
      text,
      tone,
      action,
      lasts: lasts ?? (action === null ? LASTS : LASTS_WITH_ACTION),
    };
    // A repeated message replaces the earlier one: a pile of them says nothing more.
    const isNews = (old: Toast) => old.action !== null || old.text !== text;
    set(({ toasts }) => ({ toasts: [...toasts.filter(isNews), toast].slice(-AT_ONCE) }));
    return id;
  },
  dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}));

/** Shows a toast from anywhere; returns the id that `dismissToast` takes. */
export function toast(text: string, options?: ToastOptions): number {
  return useToasts.getState().show(text, options);
}

export function dismissToast(id: number): void {
  useToasts.getState().dismiss(id);
}
