/// A page cut from a list of which one more was asked for than the page may have: that one tells
/// whether there is a next page.
struct CutPage<Item> {
    let items: [Item]
    /// The last item, where another page begins behind it.
    let lastBeforeMore: Item?

    init(_ found: [Item], limit: Int) {
        items = Array(found.prefix(limit))
        lastBeforeMore = found.count > limit ? items.last : nil
    }
}
