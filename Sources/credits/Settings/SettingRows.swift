/// Collects rows one by one, so that the compiler checks each by itself: a literal of fifty generic
/// rows would cost it minutes.
@resultBuilder enum SettingRows {
    static func buildExpression(_ row: Setting) -> [Setting] { [row] }
    static func buildBlock(_ rows: [Setting]...) -> [Setting] { rows.flatMap { $0 } }
}
