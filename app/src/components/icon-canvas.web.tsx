/** Draws an icon's shapes as one SVG element. */

import type { CanvasProps } from "./icon-canvas";

export function IconCanvas({ shapes, size, colour, stroke }: CanvasProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke={colour}
      strokeWidth={stroke}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable={false}
      style={{ flexShrink: 0, display: "block" }}
    >
      {shapes.map((shape, index) => {
        switch (shape[0]) {
          case "line":
            return <line key={index} x1={shape[1]} y1={shape[2]} x2={shape[3]} y2={shape[4]} />;
          case "ring":
            return <circle key={index} cx={shape[1]} cy={shape[2]} r={shape[3]} />;
          case "dot":
            return (
              <circle
                key={index}
                cx={shape[1]}
                cy={shape[2]}
                r={shape[3]}
                fill={colour}
                stroke="none"
              />
            );
          case "box":
            return (
              <rect
                key={index}
                x={shape[1]}
                y={shape[2]}
                width={shape[3]}
                height={shape[4]}
                rx={shape[5]}
              />
            );
        }
      })}
    </svg>
  );
}
