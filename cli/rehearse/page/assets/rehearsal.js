"use strict";

/* Pods: what a bar says is told beside it, and arrow keys go from bar to bar. */
for (const chart of document.querySelectorAll("[data-bars]")) {
  const bars = [...chart.querySelectorAll("g.pod")];
  const tip = chart.parentElement.querySelector(".tip");
  const rowOf = (bar) => bar.closest("svg");

  const tell = (bar) => {
    for (const each of bars) each.classList.toggle("chosen", each.dataset.workload === bar?.dataset.workload);
    chart.classList.toggle("choosing", bar !== undefined);
    tip.hidden = bar === undefined;
    tip.textContent = bar === undefined ? "" : bar.getAttribute("aria-label");
  };
  const go = (bar) => {
    if (bar === undefined) return;
    for (const each of bars) each.setAttribute("tabindex", each === bar ? "0" : "-1");
    bar.focus();
  };
  const inRow = (svg) => bars.filter((bar) => rowOf(bar) === svg);
  const rows = [...new Set(bars.map(rowOf))];
  const nextTo = (bar, steps) => rows[rows.indexOf(rowOf(bar)) + steps];
  const moves = {
    ArrowRight: (bar) => bars[bars.indexOf(bar) + 1],
    ArrowLeft: (bar) => bars[bars.indexOf(bar) - 1],
    ArrowDown: (bar) => inRow(nextTo(bar, 1))[0],
    ArrowUp: (bar) => inRow(nextTo(bar, -1))[0],
    Home: () => bars[0],
    End: () => bars.at(-1),
  };

  // A browser's own hint would say the same once more.
  for (const bar of bars) bar.querySelector("title")?.remove();
  bars[0]?.setAttribute("tabindex", "0");
  chart.addEventListener("pointerover", (event) => tell(event.target.closest("g.pod") ?? undefined));
  chart.addEventListener("pointerleave", () => tell(undefined));
  chart.addEventListener("focusin", (event) => tell(event.target.closest("g.pod") ?? undefined));
  chart.addEventListener("focusout", () => tell(undefined));
  chart.addEventListener("keydown", (event) => {
    const bar = event.target.closest("g.pod");
    if (event.key === "Escape") tell(undefined);
    if (bar === null || !(event.key in moves)) return;
    event.preventDefault();
    go(moves[event.key](bar));
  });
}
