// What holds for any bytes that are sent as a body: each call that takes one reads it or says what
// is wrong with it. Linked to the fuzz target, as JSONProperties.swift is.

import HTTP
import Ledger

@testable import CreditsAPI

enum BodyProperties {
    /// The first property that does not hold for the bytes, in words; nil where all of them hold.
    static func broken(by bytes: [UInt8]) -> String? {
        guard let request = IncomingRequest(body: bytes) else { return "there is no request" }
        let isJSON = isJSON(bytes)
        return broken(AmountRequest.self, request, isJSON) { brokenAmount($0) }
            ?? broken(ResetRequest.self, request, isJSON) { brokenAnnotations($0.annotations) }
            ?? broken(NewUserRequest.self, request, isJSON) { _ in nil }
            ?? broken(SchemaUpdateRequest.self, request, isJSON) { input in
                input.change.sql.utf8.contains(0) ? "the SQL has a NUL" : nil
            }
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        do throws(JSONSyntaxError) {
            _ = try JSONParser.parse(bytes)
            return true
        } catch {
            return false
        }
    }

    private static func broken<Input: RequestInput>(
        _ type: Input.Type, _ request: IncomingRequest, _ isJSON: Bool,
        _ fault: (Input) -> String?
    ) -> String? {
        do throws(Problem) {
            let input = try Input(request)
            let isEmpty = request.request.body.isEmpty
            return isJSON || isEmpty ? fault(input) : "\(type) takes what is no JSON"
        } catch {
            return brokenProblem(error, request, isJSON).map { "\(type): \($0)" }
        }
    }

    /// A client is told what is wrong, and can read it.
    private static func brokenProblem(
        _ problem: Problem, _ request: IncomingRequest, _ isJSON: Bool
    ) -> String? {
        let response = problem.response(instance: "/", requestID: "1")
        guard self.isJSON(response.body) else { return "the problem is no JSON" }
        switch problem.type {
        case .malformedJSON: return isJSON ? "JSON counts as malformed" : nil
        case .missingBody: return request.request.body.isEmpty ? nil : "a body counts as missing"
        case .invalidValue: return isJSON && !problem.errors.isEmpty ? nil : "no error is named"
        default: return "it is \(problem.type)"
        }
    }
}

// MARK: - What was read

extension BodyProperties {
    private static func brokenAmount(_ input: AmountRequest) -> String? {
        guard CreditAmount.range.contains(input.amount.rawValue) else {
            return "the amount is \(input.amount.rawValue)"
        }
        return brokenAnnotations(input.annotations)
    }

    private static func brokenAnnotations(_ annotations: Annotations) -> String? {
        if let reason = annotations.reason?.rawValue {
            let count = reason.unicodeScalars.count
            guard count <= Reason.maximumCharacters, !reason.utf8.contains(0) else {
                return "the reason has \(count) characters, or a NUL"
            }
        }
        guard let metadata = annotations.metadata?.json else { return nil }
        guard metadata.utf8.count <= Metadata.maximumBytes, metadata.hasPrefix("{"),
            isJSON(Array(metadata.utf8))
        else { return "the metadata is \(metadata)" }
        return nil
    }
}

extension IncomingRequest {
    /// `POST /` with a body of no named type, for the user 1.
    fileprivate init?(body: [UInt8]) {
        do throws(RequestError) {
            let target = try RequestTarget("/", for: .post)
            self.init(
                request: Request(head: RequestHead(method: .post, target: target), body: body),
                id: RequestIDs().id(of: nil), parameterNames: ["user_id"], parameterValues: ["1"])
        } catch {
            return nil
        }
    }
}
