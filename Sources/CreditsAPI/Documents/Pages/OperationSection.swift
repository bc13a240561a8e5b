import HTTP
import Ledger

/// One operation on the docs page: what it does, takes and gives, its curl line, a form to try it.
struct OperationSection {
    let route: Route

    var html: HTMLText {
        """
        <details class="operation" id="\(route.operationID)">
        <summary>\(BuiltInPage.badge(route.method))<code class="path">\(route.path.text)</code>\
        <span class="summary">\(route.summary)</span>\(lock)</summary>
        <div class="body">
        <p>\(.prose(route.description))</p>
        \(curl)
        \(members)
        \(answers)
        \(form)
        </div>
        </details>

        """
    }

    private var lock: HTMLText {
        guard case .requires(let scope) = route.access else { return "" }
        return "<span class=\"lock\">needs \(scope.rawValue)</span>"
    }

    private var curl: HTMLText {
        """
        <div class="curl"><pre><code>\(CurlLine(route).text)</code></pre>\
        <button type="button" data-copy hidden>Copy</button></div>
        """
    }

    // MARK: - What it takes

    private var members: HTMLText {
        let body = route.requestBody?.schema.schema.properties ?? []
        guard !route.parameters.isEmpty || !body.isEmpty else { return "" }
        let rows =
            route.parameters.map { parameter in
                row(
                    parameter.name, parameter.location.rawValue, parameter.isRequired,
                    parameter.schema, parameter.description)
            }
            + body.map { property in
                row(
                    property.name, "body", property.isRequired, property.schema,
                    property.schema.description ?? "")
            }
        return """
            <h3>Takes</h3>
            <div class="scroll"><table>
            <thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table></div>
            """
    }

    private func row(
        _ name: String, _ place: String, _ isRequired: Bool, _ schema: JSONSchema,
        _ description: String
    ) -> HTMLText {
        let mark: HTMLText = isRequired ? " <span class=\"required\">required</span>" : ""
        return """
            <tr><td><code>\(name)</code>\(mark)</td><td>\(place)</td>\
            <td>\(SchemaPhrase(schema).text)</td><td>\(.prose(description))</td></tr>

            """
    }

    // MARK: - What it gives

    private var answers: HTMLText {
        let successes = route.responses.map { response -> HTMLText in
            """
            <tr><td><code>\(response.status.code)</code></td>\
            <td>\(.prose(response.description))\(example(response))</td></tr>

            """
        }
        let problems = route.allProblems.map { type -> HTMLText in
            "<li><code>\(type.status.code)</code> <a href=\"\(type.path)\">\(type.title)</a></li>\n"
        }
        return """
            <h3>Gives</h3>
            <div class="scroll"><table><tbody>
            \(successes)</tbody></table></div>
            <details class="problems"><summary>Or one of \(problems.count) problems</summary>
            <ul>
            \(problems)</ul>
            </details>
            """
    }

    private func example(_ response: ResponseDescription) -> HTMLText {
        guard let example = response.contents.first?.example else { return "" }
        return
            "<pre><code>\(String(decoding: example.encoded(.indented), as: UTF8.self))</code></pre>"
    }

    // MARK: - Try it

    /// Hidden until the script, which it needs, shows it.
    private var form: HTMLText {
        let needsToken = route.access != .open ? "true" : "false"
        return """
            <form class="try" data-method="\(route.method.rawValue)" \
            data-path="\(route.path.text)" data-administrator="\(needsToken)" hidden>
            <h3>Try it</h3>
            \(route.parameters.map(field))\(bodyField)
            <p><button type="submit">Send</button></p>
            <div class="answer" role="status" aria-live="polite"></div>
            </form>
            """
    }

    private func field(_ parameter: ParameterDescription) -> HTMLText {
        let identifier = "\(route.operationID)-\(parameter.name)"
        // What may be left out is left out until somebody fills it in.
        let value: HTMLText =
            parameter.isRequired ? " value=\"\(text(parameter.example))\" required" : ""
        return """
            <label for="\(identifier)">\(parameter.name)</label>
            <input id="\(identifier)" data-name="\(parameter.name)" \
            data-in="\(parameter.location.rawValue)" \
            placeholder="\(text(parameter.example))"\(value) autocomplete="off" spellcheck="false">

            """
    }

    private var bodyField: HTMLText {
        guard let body = route.requestBody else { return "" }
        let identifier = "\(route.operationID)-body"
        let example = String(decoding: body.example.encoded(.indented).dropLast(), as: UTF8.self)
        let lines = example.split(separator: "\n").count
        return """
            <label for="\(identifier)">body</label>
            <textarea id="\(identifier)" data-in="body" rows="\(lines + 1)" \
            spellcheck="false">\(example)</textarea>

            """
    }

    private func text(_ example: JSONValue) -> String {
        if case .string(let text) = example { return text }
        // What may be given several times is shown once.
        if case .array(let values) = example, let first = values.first { return text(first) }
        return String(decoding: example.encoded(), as: UTF8.self)
    }
}
