import Ledger

extension SettingKind where Value == CreditAmount? {
    /// 0 is no amount.
    static let grantAmount = SettingKind(
        placeholder: "number",
        expectation: "a whole number from 0 to \(CreditAmount.range.upperBound)",
        parse: { text in
            guard let number = Int64(text) else { return nil }
            if number == 0 { return .some(nil) }
            return CreditAmount(number).map(Optional.some)
        },
        format: { "\($0?.rawValue ?? 0)" })
}

extension SettingKind where Value == GrantCatchUp {
    static let catchUp = SettingKind(
        placeholder: "all|none|days",
        expectation: "all, none, or a number of days from 0 to \(longestCatchUp)",
        parse: { text in
            switch text.lowercased() {
            case "all": return .all
            case "none": return .days(0)
            case let number:
                return Int32(number).flatMap {
                    (0...longestCatchUp).contains($0) ? .days($0) : nil
                }
            }
        },
        format: { catchUp in
            switch catchUp {
            case .all: "all"
            case .days(0): "none"
            case .days(let count): "\(count)"
            }
        })

    /// A hundred years.
    private static var longestCatchUp: Int32 { 36_500 }
}
