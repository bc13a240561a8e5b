/// Where an entry says which grant it is, and the unique index that lets it say so once.
struct OncePerDay: Sendable {
    private let isDaily: Bool

    init(_ grant: DailyGrant) {
        isDaily = grant.isOfDailySchedule
    }

    var columns: String { isDaily ? "grant_day" : "grant_schedule, schedule_day, reason" }

    /// For the columns, from the schedule and day of `p`.
    var values: String { isDaily ? "p.day" : "p.schedule, p.day, p.schedule" }

    var arbiter: String {
        isDaily
            ? "(user_id, grant_day) WHERE grant_day IS NOT NULL"
            : "(user_id, grant_schedule, schedule_day) WHERE grant_schedule IS NOT NULL"
    }

    /// That an entry under the alias `t` is of the schedule and day of `p`.
    var condition: String {
        isDaily
            ? "t.grant_day = p.day"
            : "t.grant_schedule = p.schedule AND t.schedule_day = p.day"
    }
}
