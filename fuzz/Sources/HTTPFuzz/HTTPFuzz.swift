import HTTP

/// Any bytes that a client may send, in any pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let fault = RequestProperties.broken(by: bytes, limits: .fuzzed) { fatalError(fault) }
    return 0
}

extension MessageLimits {
    /// Small enough for libFuzzer to pass each of them.
    fileprivate static let fuzzed: MessageLimits = {
        var limits = MessageLimits()
        limits.emptyLines = 2
        limits.methodBytes = 8
        limits.targetBytes = 48
        limits.headerBytes = 240
        limits.fieldCount = 6
        limits.bodyBytes = 40
        limits.chunkExtensionBytes = 16
        limits.trailerBytes = 40
        return limits
    }()
}
