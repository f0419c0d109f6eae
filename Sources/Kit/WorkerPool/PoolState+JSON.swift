internal import JSON

/// The state as one supervisor hands it to the next, which may be of another version of the program: members are only ever
/// added, and a reader does without those that it does not find.
extension PoolState {
    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { document in
            document.member("serving") { served?.write(to: &$0) }
            document.member("last_good") { lastGood?.write(to: &$0) }
            document.member("generations_made", generationsMade)
            document.member("workers_made", workersMade)
            document.member("target", target)
            document.member("degradation", degradation)
            document.member("next", next.map { $0 == .upgrade ? "upgrade" : "reload" })
            if let watch {
                document.object("watch") { member in
                    member.member("until", watch.until)
                    member.member("deaths", watch.deaths)
                    member.member("faults", watch.faults)
                }
            }
            document.array("replacements") { list in
                for replacement in replacements {
                    list.object { member in
                        member.member("slot", replacement.slot)
                        member.member("at", replacement.at)
                    }
                }
            }
            document.array("workers") { list in
                for worker in workers { list.object { worker.write(to: &$0) } }
            }
        }
        return writer.bytes
    }

    /// Takes over from another supervisor; nil where the document does not say what is needed.
    init?(_ document: JSONObject) {
        guard let served = document.object("serving").flatMap(Served.init),
            let generationsMade = document.number("generations_made"),
            let workersMade = document.number("workers_made"), let target = document.number("target")
        else { return nil }
        self.init()
        self.served = served
        lastGood = document.object("last_good").flatMap(Served.init)
        self.generationsMade = generationsMade
        self.workersMade = workersMade
        self.target = target
        degradation = document.text("degradation")
        next = document.text("next").map { $0 == "upgrade" ? .upgrade : .reload }
        if let member = document.object("watch"), let until = member.integer("until") {
            watch = Watch(
                until: until,
                deaths: member.number("deaths") ?? 0,
                faults: member.number("faults") ?? 0
            )
        }
        replacements = document.objects("replacements").compactMap { member in
            guard let slot = member.number("slot"), let at = member.integer("at") else { return nil }
            return Replacement(slot: slot, at: at)
        }
        workers = document.objects("workers").compactMap(Worker.init)
    }
}

extension PoolState.Served {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { member in
            member.member("number", number)
            member.member("pool", raw: settings.json())
        }
    }

    fileprivate init?(_ member: JSONObject) {
        guard let number = member.number("number"),
            let settings = member.object("pool").flatMap(PoolSettings.init(pool:))
        else { return nil }
        self.init(number: number, settings: settings)
    }
}

extension PoolState.Worker {
    fileprivate func write(to member: inout JSONWriter) {
        member.member("id", id)
        member.member("generation", generation)
        member.member("slot", slot)
        member.member("phase", phase.rawValue)
        member.member("since", since)
        member.member("deadline", deadline)
        member.member("shutdown_timeout_ns", shutdownTimeout)
        member.member("failure", failure)
        member.member("killed", killed)
        member.member("replaces", replaces)
        member.member("wear", wear)
        member.member("faults", faults)
    }

    fileprivate init?(_ member: JSONObject) {
        guard let id = member.number("id"), let generation = member.number("generation"),
            let slot = member.number("slot"), let since = member.integer("since"),
            let deadline = member.integer("deadline"), let timeout = member.integer("shutdown_timeout_ns"),
            let phase = member.text("phase").flatMap(PoolState.Phase.init(rawValue:))
        else { return nil }
        self.init(
            id: id,
            generation: generation,
            slot: slot,
            phase: phase,
            since: since,
            deadline: deadline,
            shutdownTimeout: timeout
        )
        failure = member.text("failure")
        killed = member["killed"] == .bool(true)
        replaces = member.number("replaces")
        wear = member.text("wear")
        faults = member.number("faults") ?? 0
    }
}
