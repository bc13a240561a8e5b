/// The picture of the tab and the masthead: a stack of coins.
enum PageIcon {
    static let text = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
        <rect width="32" height="32" rx="8" fill="#0f766e"/>
        <g fill="#fde68a" stroke="#0f766e" stroke-width="1.5">
        <ellipse cx="16" cy="22" rx="9" ry="4"/>
        <ellipse cx="16" cy="17" rx="9" ry="4"/>
        <ellipse cx="16" cy="12" rx="9" ry="4"/>
        </g>
        </svg>

        """
}
