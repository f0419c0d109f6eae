import Testing

/// The order of a load and of a change, as a model: every way in which their steps can fall between one another is gone
/// through, and what a reader gets from the cache is held against what was answered.
///
/// Two writers each make one change of a value; two loaders each fill a cache of their own, which stands for two
/// processes, and then ask it once more. A writer may be killed between any two steps; then the supervisor makes
/// everything old, as soon as it finds out.
@Suite struct CacheOrderModelTests {
    /// When a loader reads the generations.
    enum Load: CaseIterable {
        /// Before it reads the database.
        case generationFirst
        /// After it, as one would where the tags come from the value.
        case generationLast
        /// After it, between two looks at the count of all changes; see `LoadWatch`.
        case watched
        /// As `watched`, with writers that count the change of anything last.
        case watchedWrongly
    }

    /// When a writer advances the generation.
    enum Advance: CaseIterable {
        case afterCommit, beforeCommit
    }

    /// What happens to a writer that is killed.
    enum Kill: CaseIterable {
        case never
        /// The supervisor makes everything old.
        case noticed
        case unnoticed
    }

    /// What a run has shown.
    struct Finding: OptionSet {
        let rawValue: Int
        /// A value was read from a cache that was older than a change which had been answered before.
        static let staleAfterAnswer = Finding(rawValue: 1)
        /// When all had ended, a cache still gave an old value.
        static let staleForEver = Finding(rawValue: 2)
    }

    // MARK: - The model

    private struct Entry: Hashable {
        let value: UInt8
        let generation: UInt8
        let epoch: UInt8
    }

    private struct Loader: Hashable {
        var step = 0 as UInt8
        var epoch = 0 as UInt8
        var anything = 0 as UInt8
        var generation = 0 as UInt8
        var value = 0 as UInt8
        var entry: Entry?
        /// The newest change that had been answered when it asked once more.
        var answeredAtQuestion = 0 as UInt8
    }

    private struct Writer: Hashable {
        var step = 0 as UInt8
        var isKilled = false
        var value = 0 as UInt8
    }

    private struct World: Hashable {
        var stored = 0 as UInt8
        var generation = 0 as UInt8
        var anything = 0 as UInt8
        var epoch = 0 as UInt8
        var answered = 0 as UInt8
        var firstWriter = Writer()
        var secondWriter = Writer()
        var firstLoader = Loader()
        var secondLoader = Loader()
        var supervisorOwes = false
        var found = 0

        static let writers = [\World.firstWriter, \World.secondWriter]
        static let loaders = [\World.firstLoader, \World.secondLoader]
    }

    private struct Model {
        let load: Load
        let advance: Advance
        let kill: Kill

        private enum WriterStep { case commit, anything, generation, answer }

        init(load: Load, advance: Advance, kill: Kill) {
            self.load = load
            self.advance = advance
            self.kill = kill
            writerSteps = Self.writerSteps(load, advance)
            loaderSteps = Self.loaderSteps(load)
        }

        private let writerSteps: [WriterStep]
        private let loaderSteps: [LoaderStep]

        private static func writerSteps(_ load: Load, _ advance: Advance) -> [WriterStep] {
            let advancing: [WriterStep] =
                load == .watchedWrongly ? [.generation, .anything] : [.anything, .generation]
            return switch advance {
            case .afterCommit: [.commit] + advancing + [.answer]
            case .beforeCommit: advancing + [.commit, .answer]
            }
        }

        private enum LoaderStep { case marks, generation, read, keep, question, hit }

        private static func loaderSteps(_ load: Load) -> [LoaderStep] {
            switch load {
            case .generationFirst: [.marks, .generation, .read, .keep, .question, .hit]
            case .generationLast, .watched, .watchedWrongly: [.marks, .read, .generation, .keep, .question, .hit]
            }
        }

        func findings() -> Finding {
            var found: Finding = []
            var seen: Set<World> = []
            var open = [World()]
            // A wrong order need not be gone through to its end.
            while found != [.staleAfterAnswer, .staleForEver], let world = open.popLast() {
                guard seen.insert(world).inserted else { continue }
                found.formUnion(Finding(rawValue: world.found))
                let next = successors(of: world)
                if next.isEmpty, isStaleForEver(world) { found.insert(.staleForEver) }
                open += next
            }
            return found
        }

        private func isStaleForEver(_ world: World) -> Bool {
            World.loaders.contains { loader in
                world[keyPath: loader].entry.map { isGood($0, in: world) && $0.value != world.stored } ?? false
            }
        }

        private func isGood(_ entry: Entry, in world: World) -> Bool {
            entry.generation == world.generation && entry.epoch == world.epoch
        }

        private func successors(of world: World) -> [World] {
            var next: [World] = []
            for writer in World.writers where !world[keyPath: writer].isKilled {
                let step = Int(world[keyPath: writer].step)
                if step < writerSteps.count { next.append(stepping(writer, writerSteps[step], in: world)) }
                if kill != .never, (1..<writerSteps.count).contains(step) {
                    var killed = world
                    killed[keyPath: writer].isKilled = true
                    killed.supervisorOwes = kill == .noticed
                    next.append(killed)
                }
            }
            for loader in World.loaders {
                let step = Int(world[keyPath: loader].step)
                if step < loaderSteps.count { next.append(stepping(loader, loaderSteps[step], in: world)) }
            }
            if world.supervisorOwes {
                var noticed = world
                noticed.anything += 1
                noticed.epoch += 1
                noticed.supervisorOwes = false
                next.append(noticed)
            }
            return next
        }

        private func stepping(_ writer: WritableKeyPath<World, Writer>, _ step: WriterStep, in world: World) -> World {
            var world = world
            switch step {
            case .commit:
                world.stored += 1
                world[keyPath: writer].value = world.stored
            case .anything: world.anything += 1
            case .generation: world.generation += 1
            case .answer: world.answered = max(world.answered, world[keyPath: writer].value)
            }
            world[keyPath: writer].step += 1
            if step == .answer { world[keyPath: writer].value = 0 }
            return world
        }

        private func stepping(_ place: WritableKeyPath<World, Loader>, _ step: LoaderStep, in world: World) -> World {
            var world = world
            var loader = world[keyPath: place]
            switch step {
            case .marks:
                loader.anything = world.anything
                loader.epoch = world.epoch
            case .generation: loader.generation = world.generation
            case .read: loader.value = world.stored
            case .keep:
                let isWatched = load == .watched || load == .watchedWrongly
                if !isWatched || loader.anything == world.anything {
                    loader.entry = Entry(value: loader.value, generation: loader.generation, epoch: loader.epoch)
                }
            case .question: loader.answeredAtQuestion = world.answered
            case .hit:
                if let entry = loader.entry, isGood(entry, in: world), entry.value < loader.answeredAtQuestion {
                    world.found |= Finding.staleAfterAnswer.rawValue
                }
            }
            loader.step += 1
            // What is not looked at any more does not tell worlds apart.
            if step == .keep { (loader.anything, loader.generation, loader.epoch, loader.value) = (0, 0, 0, 0) }
            if step == .hit { loader.answeredAtQuestion = 0 }
            world[keyPath: place] = loader
            return world
        }
    }

    // MARK: - What it shows

    @Test(arguments: [Load.generationFirst, .watched], [Kill.never, .noticed])
    func `nothing is stale where generations are read first and advanced after the commit`(load: Load, kill: Kill) {
        #expect(Model(load: load, advance: .afterCommit, kill: kill).findings() == [])
    }

    @Test(arguments: [Load.generationFirst, .watched])
    func `after a kill between commit and advance a value stays old unless somebody notices`(load: Load) {
        #expect(Model(load: load, advance: .afterCommit, kill: .unnoticed).findings() == [.staleForEver])
    }

    @Test(arguments: Kill.allCases)
    func `to read the generations after the load is wrong`(kill: Kill) {
        let found = Model(load: .generationLast, advance: .afterCommit, kill: kill).findings()
        #expect(found == [.staleAfterAnswer, .staleForEver])
    }

    @Test(arguments: [Load.generationFirst, .generationLast, .watched], Kill.allCases)
    func `to advance before the commit is wrong`(load: Load, kill: Kill) {
        let found = Model(load: load, advance: .beforeCommit, kill: kill).findings()
        #expect(found == [.staleAfterAnswer, .staleForEver])
    }

    @Test func `to count the change of anything after that of the tags is wrong`() {
        let found = Model(load: .watchedWrongly, advance: .afterCommit, kill: .never).findings()
        #expect(found == [.staleAfterAnswer, .staleForEver])
    }
}
