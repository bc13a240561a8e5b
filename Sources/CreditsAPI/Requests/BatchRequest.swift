import HTTP
import Ledger

/// Many writes in one request.
struct BatchRequest: RequestInput {
    /// With one commit for all, more gain nothing, and hold the locks of more users for longer.
    static let operationCounts = 1...1_000

    let write: WriteRequest

    init(_ request: IncomingRequest) throws(Problem) {
        guard !request.request.fields.contains(.idempotencyKey) else {
            throw .invalid(
                .parameter("Idempotency-Key", in: .header),
                "An Idempotency-Key stands for one write to one user: give each operation a key of "
                    + "its own in the member idempotency_key.")
        }
        let isDryRun = try request.isDryRun()
        var body = try BodyReader(request)
        let isAtomic = body.flag("atomic") ?? true
        let commands = body.operations(Self.operationCounts, by: request.actor)
        guard body.errors.isEmpty else { throw body.problem }
        write = WriteRequest(commands, isAllOrNone: isAtomic, isDryRun: isDryRun)
    }
}

extension BodyReader {
    /// Of a thousand operations with a fault each, so many tell enough.
    private static let errorLimit = 20

    fileprivate mutating func operations(
        _ counts: ClosedRange<Int>, by actor: ActorName?
    ) -> [Command] {
        let wanted = "an array of \(counts.lowerBound) to \(counts.upperBound) operations"
        guard let value = object["operations"] else {
            note("operations", "operations is missing: send \(wanted).")
            return []
        }
        guard case .array(let elements) = value else {
            note("operations", "operations must be \(wanted), and is \(value.kind).")
            return []
        }
        guard counts.contains(elements.count) else {
            note("operations", "operations must be \(wanted), and has \(elements.count).")
            return []
        }
        var commands: [Command] = []
        commands.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() where errors.count < Self.errorLimit {
            if let command = operation(element, at: index, by: actor) { commands.append(command) }
        }
        return commands
    }

    private mutating func operation(
        _ value: JSONValue, at index: Int, by actor: ActorName?
    ) -> Command? {
        guard case .object(let object) = value else {
            note("operations/\(index)", "An operation must be an object, and is \(value.kind).")
            return nil
        }
        var operation = BodyReader(object, at: "operations/\(index)/")
        let command = operation.command(by: actor)
        take(errorsOf: operation)
        return command
    }

    private mutating func command(by actor: ActorName?) -> Command? {
        let user = userID("user_id")
        let change = change()
        let (reason, metadata) = (reason(), metadata())
        let key = idempotencyKey()
        guard let user, let change, errors.isEmpty else { return nil }
        return Command(
            user: user, change: change, reason: reason, metadata: metadata, idempotencyKey: key,
            actor: actor)
    }

    private mutating func change() -> Change? {
        let wanted = "kind must be add, deduct or reset"
        guard let value = object["kind"] else {
            return refuse("kind", "\(wanted), and is missing.")
        }
        switch value {
        case "add": return amount().map { .add($0) }
        case "deduct": return amount().map { .deduct($0) }
        case "reset": return .reset
        case .string: return refuse("kind", "\(wanted).")
        default: return refuse("kind", "\(wanted), and is \(value.kind).")
        }
    }

    /// nil where there is none; a null counts as none.
    private mutating func idempotencyKey() -> IdempotencyKey? {
        guard let value = object["idempotency_key"], value != .null else { return nil }
        guard case .string(let text) = value, let key = IdempotencyKey(text) else {
            return refuse(
                "idempotency_key", "idempotency_key must be 1 to 255 visible ASCII characters.")
        }
        return key
    }
}
