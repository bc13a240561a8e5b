/// An error as PostgreSQL reported it, field by field (PostgreSQL, "Error and Notice Message
/// Fields").
///
/// Printed, it shows what went wrong and where, and leaves out what may repeat somebody's data:
/// `detail`, `hint`, `internalQuery`, `context`, and the text itself where that quotes the value.
package struct ServerMessage: Sendable, Hashable {
    /// "ERROR", "FATAL" or "PANIC", never translated.
    package var severity: String
    package var sqlState: SQLState
    package var message: String
    package var detail: String?
    package var hint: String?
    /// The character, counted from 1, of the statement's text at which the error was seen.
    package var position: Int?
    /// The same, in a statement that the server ran inside ours (PL/pgSQL's EXECUTE).
    package var internalPosition: Int?
    /// The text of that statement.
    package var internalQuery: String?
    package var context: String?
    package var schema: String?
    package var table: String?
    package var column: String?
    package var dataType: String?
    package var constraint: String?
    /// The function of the server's source that reported it: what tells apart causes that share a
    /// SQLSTATE, in every language.
    var routine: String?
    /// The place of the failed statement in its pipeline, from 0. Nil for a single statement, and
    /// for an error that came when the pipeline's transaction was to commit.
    package var statementIndex: Int?

    package init(severity: String = "ERROR", sqlState: SQLState, message: String) {
        self.severity = severity
        self.sqlState = sqlState
        self.message = message
    }

    /// The server ends the connection after this message.
    var endsConnection: Bool { severity == "FATAL" || severity == "PANIC" }

    /// Messages of these classes quote the value that they complain of, or a text of the schema's.
    private var quotesData: Bool {
        sqlState.conditionClass == "22" || sqlState.conditionClass == "P0"
    }
}

extension ServerMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        var text = "\(severity) \(sqlState)"
        if !quotesData { text += " \(message)" }
        let places = [
            ("schema", schema), ("table", table), ("column", column), ("type", dataType),
            ("constraint", constraint), ("position", position.map(String.init)),
            ("statement", statementIndex.map(String.init)),
        ]
        let known = places.compactMap { name, value in value.map { "\(name): \($0)" } }
        return known.isEmpty ? text : text + " (" + known.joined(separator: ", ") + ")"
    }

    package var debugDescription: String { description }

    /// `dump` and string interpolation of an enclosing value see no more than `description` says.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
