/// The style of the pages of our own: light and dark as the reader's system has it.
enum PageStyle {
    static let text = """
        :root {
            color-scheme: light dark;
            --ground: #fbfaf7; --raised: #ffffff; --text: #1c2422; --muted: #5b6663;
            --line: #dfe3e0; --accent: #0f766e; --accent-text: #ffffff; --code: #f0f2ef;
            --get: #1d5fa8; --post: #0b6b45; --patch: #8a5300; --failure: #b3261e;
            --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace;
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --ground: #121716; --raised: #1a2120; --text: #e6ebe9; --muted: #9aa6a2;
                --line: #2c3634; --accent: #4fd1c0; --accent-text: #08211e; --code: #222b29;
                --get: #7db7f5; --post: #5fd0a0; --patch: #eab35c; --failure: #ff8a80;
            }
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        body {
            margin: 0; background: var(--ground); color: var(--text);
            font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
        }
        a { color: var(--accent); text-underline-offset: 0.2em; }
        :focus-visible {
            outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px;
        }
        h1 { font-size: 2rem; line-height: 1.2; margin: 0.2rem 0 1rem; }
        h2 { font-size: 1.3rem; margin: 2rem 0 0.4rem; }
        h3 { font-size: 0.95rem; margin: 1.4rem 0 0.4rem; color: var(--muted); font-weight: 600; }
        code, pre, textarea, .try input { font-family: var(--mono); font-size: 0.875rem; }
        code { background: var(--code); padding: 0.1em 0.35em; border-radius: 4px; }
        pre {
            background: var(--code); padding: 0.8rem 1rem; border-radius: 8px; margin: 0.4rem 0;
            overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere;
        }
        pre code { background: none; padding: 0; }
        .lead { color: var(--muted); margin-top: 0; }
        .skip { position: absolute; left: -999px; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: 0.5rem 1rem; }

        .masthead {
            display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; align-items: center;
            padding: 0.9rem clamp(1rem, 4vw, 2.5rem); background: var(--raised);
            border-bottom: 1px solid var(--line);
        }
        .masthead p { margin: 0; color: var(--muted); flex: 1 1 14rem; }
        .masthead nav { display: flex; flex-wrap: wrap; gap: 1.2rem; }
        .brand {
            display: flex; align-items: center; gap: 0.6rem; color: inherit; text-decoration: none;
            font-weight: 700; font-size: 1.25rem;
        }

        .columns {
            display: grid; grid-template-columns: 19rem minmax(0, 1fr);
            max-width: 84rem; margin: 0 auto;
        }
        .contents {
            position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
            padding: 0.5rem 1rem 2rem clamp(1rem, 2vw, 2rem); font-size: 0.9rem;
        }
        .contents h2 { font-size: 0.9rem; margin: 1.3rem 0 0.3rem; text-transform: capitalize; }
        .contents h2 a { color: inherit; text-decoration: none; }
        .contents ul { list-style: none; margin: 0; padding: 0; }
        .contents li a {
            display: flex; gap: 0.6rem; align-items: baseline; padding: 0.25rem 0.4rem;
            border-radius: 6px; color: inherit; text-decoration: none;
        }
        .contents li a:hover { background: var(--code); }
        .contents .method { font-size: 0.66rem; min-width: 3.7rem; padding: 0.05rem 0; }
        main { padding: 1rem clamp(1rem, 3vw, 2.5rem) 5rem; min-width: 0; }
        main.article { max-width: 52rem; margin: 0 auto; padding-top: 2.5rem; }
        main section > h2 { text-transform: capitalize; }
        @media (max-width: 60rem) {
            .columns { grid-template-columns: minmax(0, 1fr); }
            .contents { display: none; }
        }

        .method {
            display: inline-block; min-width: 4.2rem; text-align: center; font-weight: 700;
            font-size: 0.78rem; letter-spacing: 0.04em; border-radius: 5px; padding: 0.2rem 0.4rem;
            color: var(--accent); border: 1px solid currentColor;
        }
        .method.get { color: var(--get); }
        .method.post { color: var(--post); }
        .method.patch { color: var(--patch); }
        .method.delete { color: var(--failure); }

        .operation {
            background: var(--raised); border: 1px solid var(--line); border-radius: 10px;
            margin: 0.6rem 0;
        }
        .operation > summary {
            display: flex; flex-wrap: wrap; gap: 0.4rem 0.9rem; align-items: center;
            padding: 0.7rem 1rem; cursor: pointer; list-style: none; border-radius: 10px;
        }
        .operation > summary::-webkit-details-marker { display: none; }
        .operation > summary:hover { background: var(--code); }
        .operation[open] > summary {
            border-bottom: 1px solid var(--line); border-radius: 10px 10px 0 0;
        }
        .path {
            background: none; padding: 0; font-weight: 600; font-size: 0.95rem;
            overflow-wrap: anywhere;
        }
        .summary { color: var(--muted); flex: 1 1 auto; }
        .lock { font-size: 0.8rem; color: var(--patch); margin-left: auto; }
        .operation .body { padding: 0.2rem 1.2rem 1.2rem; }
        .problems > summary { cursor: pointer; color: var(--muted); margin: 0.6rem 0; }
        .problems ul { columns: 18rem; list-style: none; padding: 0; margin: 0; }
        .problems li { padding: 0.15rem 0; }

        .curl { position: relative; }
        .curl pre { padding-right: 6rem; }
        .curl button { position: absolute; top: 0.45rem; right: 0.5rem; }
        button {
            font: inherit; font-size: 0.875rem; font-weight: 600; padding: 0.35rem 0.9rem;
            border-radius: 7px; border: 1px solid var(--line); background: var(--raised);
            color: var(--text); cursor: pointer;
        }
        button:hover { border-color: var(--accent); }
        button:disabled { opacity: 0.5; cursor: wait; }
        .try button {
            background: var(--accent); color: var(--accent-text); border-color: transparent;
            padding: 0.5rem 1.6rem;
        }

        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
        th { text-align: left; color: var(--muted); font-weight: 600; }
        th, td {
            padding: 0.45rem 0.8rem 0.45rem 0; border-bottom: 1px solid var(--line);
            vertical-align: top;
        }
        tbody tr:last-child td { border-bottom: 0; }
        @media (max-width: 40rem) {
            thead { display: none; }
            tr, td { display: block; }
            tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
            td { padding: 0.1rem 0; border: 0; }
        }
        .required { color: var(--failure); font-size: 0.78rem; }

        .try, .settings { display: grid; gap: 0.3rem; }
        .try[hidden], .settings[hidden] { display: none; }
        .try { border-top: 1px solid var(--line); margin-top: 1.2rem; }
        .try label, .settings label { font-weight: 600; font-size: 0.9rem; margin-top: 0.3rem; }
        .settings p { margin: 0; color: var(--muted); font-size: 0.875rem; }
        input, textarea {
            width: 100%; padding: 0.5rem 0.7rem; border: 1px solid var(--line); border-radius: 7px;
            background: var(--ground); color: var(--text); font-size: 0.95rem;
        }
        .settings input { max-width: 26rem; display: block; font-weight: 400; }
        textarea { resize: vertical; line-height: 1.5; }
        .code { font-family: var(--mono); font-weight: 700; color: var(--failure); }
        .code.success { color: var(--post); }
        .failure { color: var(--failure); }
        .waiting { color: var(--muted); }
        .status { margin: 0; color: var(--muted); }
        .calls { list-style: none; padding: 0; }
        .calls li { padding: 0.2rem 0; }
        .calls a { text-decoration: none; }

        """
}
