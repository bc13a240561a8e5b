/// Any bytes that a client may send as a body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let fault =
        JSONProperties.broken(by: bytes) ?? FoundationOracle.difference(over: bytes)
        ?? BodyProperties.broken(by: bytes)
    if let fault { fatalError(fault) }
    return 0
}
