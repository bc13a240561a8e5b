/// The version of the whole product; the documents that it generates carry it too.
enum ProductVersion {
    static let text = "0.1.0"
}
