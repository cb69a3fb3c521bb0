/** The product's mark. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1f6f8b" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round">
        <path d="M9 8v16M20 8 9.5 17M13.5 14 21 24" />
      </g>
      <circle cx="24.5" cy="8" r="2.5" fill="#ffd166" />
    </svg>
  );
}
