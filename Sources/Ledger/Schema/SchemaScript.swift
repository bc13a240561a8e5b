import Postgres

/// The SQL of a change as it is run: statement by statement, so that each can be told with what
/// PostgreSQL says of it.
///
/// Theory of operation: the pieces travel as a bind into a setting, and a PL/pgSQL block runs them
/// in turn with EXECUTE. First it has the whole text parsed, in front of which stands a statement
/// that fails: a syntax error at the end holds no locks for what comes before it. PL/pgSQL knows of
/// a statement only how many rows it gave. So each is opened as a cursor first, which PostgreSQL
/// refuses, naming the command, before anything is done; what gives rows can be opened, and is
/// closed again. Where a piece does not parse, we have cut it wrongly: the rest is then run as one,
/// and nothing rests on our cutting but what is told. Behind the first piece every name is
/// qualified, because the SQL may have changed the search path.
struct SchemaScript: Sendable {
    private let sql: String
    private let pieces: [String]

    init(_ sql: String, hasStandardStrings: Bool) {
        self.sql = sql
        pieces = SQLStatements.split(sql, hasStandardStrings: hasStandardStrings)
    }

    var statements: [Statement] {
        [
            "SELECT set_config('credits.pieces', \(pieces)::text[]::text, true)", Self.run,
            """
            SELECT pg_catalog.current_setting('credits.commands')::pg_catalog.text[],
                pg_catalog.current_setting('credits.counts')::pg_catalog.int8[]
            """,
        ]
    }

    private static let parsing = "SELECT 1/0;"

    private static let run = Statement(
        unescaped: """
            DO $$
            DECLARE
                pieces text[] := current_setting('credits.pieces');
                piece text;
                opened refcursor;
                said text;
                command text;
                count bigint;
                commands text[] := '{}';
                counts bigint[] := '{}';
                is_rest boolean := false;
            BEGIN
                BEGIN
                    EXECUTE '\(parsing)' || array_to_string(pieces, '');
                EXCEPTION WHEN division_by_zero THEN NULL;
                END;
                FOR number IN 1 .. cardinality(pieces) LOOP
                    piece := pieces[number];
                    command := NULL;
                    BEGIN
                        OPEN opened FOR EXECUTE piece;
                        CLOSE opened;
                    EXCEPTION
                        WHEN invalid_cursor_definition THEN
                            GET STACKED DIAGNOSTICS said = MESSAGE_TEXT;
                            command := coalesce(
                                pg_catalog.substring(said, '[A-Z]{2,}(?: [A-Z]{2,})*'), '');
                        WHEN syntax_error THEN
                            is_rest := true;
                            command := '';
                            piece := pg_catalog.array_to_string(pieces[number:], '');
                    END;
                    EXECUTE piece;
                    GET DIAGNOSTICS count = ROW_COUNT;
                    commands := pg_catalog.array_append(commands, command);
                    counts := pg_catalog.array_append(counts, count);
                    EXIT WHEN is_rest;
                END LOOP;
                PERFORM pg_catalog.set_config(
                    'credits.commands', commands::pg_catalog.text, true);
                PERFORM pg_catalog.set_config('credits.counts', counts::pg_catalog.text, true);
            END $$
            """)

    // MARK: What came of it

    /// - Parameter rows: of the last of `statements`.
    func ran(_ rows: Rows) throws(PostgresError) -> [RanStatement] {
        let (commands, counts) = try rows.only.decode([String?].self, [Int64].self)
        return zip(commands, counts).enumerated().map { index, said in
            // The last one told may have been run with all that came after it.
            let text = index == commands.count - 1 ? pieces[index...].joined() : pieces[index]
            let command = said.0 ?? SQLStatements.commandGivingRows(text)
            return RanStatement(
                sql: text, command: command.isEmpty ? nil : command, rows: said.1)
        }
    }

    /// Where in the SQL an error was seen, in characters from 1. nil where that cannot be told: in
    /// a function's own SQL, or in one of several statements of the same text.
    func place(of message: ServerMessage) -> Int? {
        guard let position = message.internalPosition, let query = message.internalQuery else {
            return nil
        }
        if query == Self.parsing + sql { return position - Self.parsing.unicodeScalars.count }
        let found = pieces.indices.filter { pieces[$0] == query }
        if found.count == 1 { return position + Self.characters(in: pieces[..<found[0]]) }
        guard found.isEmpty, sql.hasSuffix(query) else { return nil }
        return position + Self.characters(in: [sql]) - Self.characters(in: [query])
    }

    private static func characters(in texts: some Sequence<String>) -> Int {
        texts.reduce(0) { $0 + $1.unicodeScalars.count }
    }
}
