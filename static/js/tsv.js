// The clipboard text of a spreadsheet: rows by line breaks, cells by tabs, quotes around a cell that holds either.

window.tsv = {
  parse(text) {
    const rows = [[]];
    const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    let cell = "", quoted = false;
    for (let i = 0; i < body.length; i += 1) {
      const sign = body[i];
      if (quoted) {
        if (sign === '"' && body[i + 1] === '"') { cell += '"'; i += 1; }
        else if (sign === '"') quoted = false;
        else cell += sign;
      } else if (sign === '"' && cell === "") quoted = true;
      else if (sign === "\t" || sign === "\n") {
        rows.at(-1).push(cell);
        cell = "";
        if (sign === "\n") rows.push([]);
      } else cell += sign;
    }
    rows.at(-1).push(cell);
    return rows;
  },

  format(rows) {
    const quote = (cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return rows.map((row) => row.map(quote).join("\t")).join("\n");
  },
};
