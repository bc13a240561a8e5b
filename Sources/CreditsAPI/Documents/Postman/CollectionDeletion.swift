extension PostmanCollection {
    static let deletion = CollectionFolder(
        name: "Deletion",
        description: "Somebody leaves: name and e-mail are erased, and the numbers are kept.",
        steps: [
            CollectionStep(
                name: "Create a user who will leave", target: .operation("createUser"),
                purpose: "Another one than the user of the other folders.",
                body: .json(["email": "leaver-{{$guid}}@example.com", "name": "Charles Babbage"]),
                memory: ["pm.collectionVariables.set('leaverId', body.user_id);"]),
            CollectionStep(
                name: "Give the user credits", target: .operation("addCredits"),
                purpose: "They stay in the ledger.", pathValues: leaver,
                body: .json(["amount": 5])),
            CollectionStep(
                name: "Delete the user", target: .operation("deleteUser"),
                purpose: "Answered without a body.", pathValues: leaver),
            CollectionStep(
                name: "Delete the user again", target: .operation("deleteUser"),
                purpose: "There is nobody left to delete.", pathValues: leaver,
                outcome: .problem(.userNotFound)),
            CollectionStep(
                name: "Read the balance of the deleted user", target: .operation("getBalance"),
                purpose: "It is kept, and not shown.", pathValues: leaver,
                outcome: .problem(.userNotFound)),
            CollectionStep(
                name: "Add credits to the deleted user", target: .operation("addCredits"),
                purpose: "Nothing moves any more.", pathValues: leaver,
                body: .json(["amount": 5]), outcome: .problem(.userNotFound)),
        ])

    private static let leaver = ["user_id": "{{leaverId}}"]
}
