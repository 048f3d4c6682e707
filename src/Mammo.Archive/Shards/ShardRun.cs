using System.Diagnostics;
using Mammo.Archive.Worklists;

namespace Mammo.Archive.Shards;

/// <summary>Scores a shard of a worklist so that it may be stopped and killed at any time and goes on where it was.</summary>
/// <param name="run">What decides the results.</param>
/// <param name="options">What is scored, and where results go.</param>
public sealed class ShardRun(RunDescription run, ShardOptions options)
{
    // So many images in a row that are not there are no accident: the archive is not there.
    private const int MissingInRow = 100;
    private const int MissingOfAll = 10;

    // A process that a scheduler kills is at some image too; not so often at the same one alone.
    private const int MostCrashes = 3;

    private readonly Queue<(WorkItem Item, Result Result)> _refused = new();
    private readonly List<(WorkItem Item, Result Result)> _missing = [];
    private readonly Stopwatch _clock = new();
    private ShardReport _report = new() { Shard = $"{options.Shard}" };
    private readonly List<WorkItem> _suspects = [];
    private IReadOnlyDictionary<string, int> _crashes = new Dictionary<string, int>();
    private Journal? _journal;

    /// <summary>Gives one result for each item, in their order; items are asked for when they are wanted, and results taken one by one.</summary>
    public delegate IEnumerable<(WorkItem Item, Result Result)> Scorer(IEnumerable<WorkItem> items);

    /// <summary>Asked after each image: true ends the call with everything committed.</summary>
    public Func<bool> IsStopped { get; init; } = () => false;

    /// <summary>Called before the first image and after each.</summary>
    public Action<ShardReport> Progress { get; init; } = _ => { };

    /// <summary>Called with what is wrong with results of earlier calls.</summary>
    public Action<Finding> Found { get; init; } = _ => { };

    /// <summary>Does what is left of the shard.</summary>
    /// <param name="score">Scores images.</param>
    /// <param name="cancellation">Ends the waiting for another process, and the planning.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ShardOptionsDiffer"/>; <see cref="ErrorIds.ShardInUse"/>; <see cref="ErrorIds.ShardLost"/>; <see cref="ErrorIds.ArchiveMissing"/>;
    /// <see cref="ErrorIds.WorklistInvalid"/>; <see cref="ErrorIds.FileNotWritten"/>; and those of the scorer. What was scored before is kept.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ShardReport Run(Scorer score, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (!Directory.Exists(options.Root))
            throw new MammoException(
                ErrorIds.ArchiveMissing, $"The root '{options.Root}' of the worklist's images does not exist here.", target: options.Root);
        run.Claim(options.Folder);
        using var lease = Lease.Take(options.Folder, options.Shard, options.Lease, cancellation);
        PublishStaged();
        using var plan = Plan(cancellation);
        _report = _report with { Images = plan.Images, Copies = plan.Copies, Before = plan.Images - plan.Left };
        Progress(_report);
        if (plan.Left > 0)
            Score(score, plan, lease);
        if (!_report.IsStopped)
            SealShard(plan);
        return _report;
    }

    private ShardPlan Plan(CancellationToken cancellation)
    {
        ResultFile[] files = [.. ResultFile.In(options.Folder).Where(file => file.Shard.MayShare(options.Shard))];
        var check = SealCheck.Of(Seal.In(options.Folder), files);
        foreach (var (seal, finding) in check.Broken)
        {
            Found(finding);
            ResultFile.SetAside(seal.Path);
        }

        foreach (var path in check.Contradicted)
            ResultFile.SetAside(path);
        files = [.. files.Where(file => !check.Contradicted.Contains(file.Path))];
        foreach (var file in files.Where(file => file.Shard == options.Shard))
            file.CutTornEnd();
        var plan = ShardPlan.Of(options.Worklist, options.Shard, files, run, options.RetryRefused, options.Folder, cancellation);
        if (plan.DamagedLines > 0)
            Found(new Finding(
                ErrorIds.ResultDamaged,
                FormattableString.Invariant($"{plan.DamagedLines} lines of result files in '{options.Folder}' are damaged; their images are scored again."))
            { Subject = options.Folder });
        return plan;
    }

    private void Score(Scorer score, ShardPlan plan, Lease lease)
    {
        _clock.Start();
        MakeStaging();
        using var journal = new Journal(options.Staging ?? options.Folder, options.Shard, run, options.Commit);
        _journal = journal;
        _crashes = InFlight.Left(options.Folder, options.Shard);
        using var inFlight = new InFlight(options.Folder, options.Shard);
        try
        {
            foreach (var (item, result) in IsStopped() ? [] : Results(score, plan, inFlight))
            {
                AddRefused();
                Add(item, result);
                if (IsStopped())
                    break;
                if (lease.IsLost)
                    throw new MammoException(ErrorIds.ShardLost, $"Another process has taken shard {options.Shard} over, or its lease could not be renewed.");
            }

            AddRefused();
            RequireArchive(atEnd: true);
            KeepMissing();
            _report = _report with { IsStopped = _report.Left > 0, Seconds = _clock.Elapsed.TotalSeconds };
        }
        finally
        {
            Close(journal);
        }
    }

    // Also after a failure: what was scored counts. The failure is the one to report, unless there is none.
    private void Close(Journal journal)
    {
        journal.Commit();
        journal.Dispose();
        if (journal.HasFile)
        {
            Publish(journal.FilePath);
            _report = _report with { ResultFile = Path.Combine(options.Folder, Path.GetFileName(journal.FilePath)) };
        }
    }

    // Images that a process was at when it ended without a word come last and one by one, the least suspect first: if one ends the process again,
    // it was that one.
    private IEnumerable<(WorkItem Item, Result Result)> Results(Scorer score, ShardPlan plan, InFlight inFlight)
    {
        foreach (var scored in Tracked(score(Feed(plan, inFlight)), inFlight))
            yield return scored;
        foreach (var item in _suspects.OrderBy(item => _crashes[item.Identity]))
        {
            if (IsStopped())
                yield break;
            if (_crashes[item.Identity] >= MostCrashes && !options.RetryRefused)
            {
                yield return (item, options.Refuse(item, Crashed(item)));
                continue;
            }

            inFlight.Begin(item.Identity);
            foreach (var scored in Tracked(score([item]), inFlight))
                yield return scored;
        }
    }

    private static IEnumerable<(WorkItem Item, Result Result)> Tracked(IEnumerable<(WorkItem Item, Result Result)> results, InFlight inFlight)
    {
        foreach (var scored in results)
        {
            inFlight.End(scored.Item.Identity);
            yield return scored;
        }
    }

    private MammoException Crashed(WorkItem item)
    {
        var path = item.FullPath(options.Root);
        return new MammoException(
            ErrorIds.ImageCrashedProcess,
            FormattableString.Invariant(
                $"'{path}' was the only image at work {_crashes[item.Identity]} times when the process ended without an error message."),
            target: path);
    }

    private IEnumerable<WorkItem> Feed(ShardPlan plan, InFlight inFlight)
    {
        foreach (var item in plan.ToDo())
        {
            if (IsStopped())
                yield break;
            if (Changed(item) is { } refusal)
            {
                _refused.Enqueue((item, refusal));
            }
            else if (_crashes.ContainsKey(item.Identity))
            {
                _suspects.Add(item);
            }
            else
            {
                inFlight.Begin(item.Identity);
                yield return item;
            }
        }
    }

    private Result? Changed(WorkItem item)
    {
        if (item.Bytes == 0)
            return null;
        var path = item.FullPath(options.Root);
        try
        {
            var bytes = InputFile.LengthOf(path);
            return bytes == item.Bytes ? null : options.Refuse(item, new MammoException(
                ErrorIds.ImageChanged,
                FormattableString.Invariant($"'{path}' has {bytes} bytes, and the worklist says {item.Bytes}."),
                target: path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it says why it cannot be read.
            return null;
        }
    }

    private void AddRefused()
    {
        while (_refused.TryDequeue(out var next))
            Add(next.Item, next.Result);
    }

    private void Add(WorkItem item, Result result)
    {
        if (result.Refused == ErrorIds.FileNotFound)
        {
            _missing.Add((item, result));
            RequireArchive(atEnd: false);
            return;
        }

        KeepMissing();
        Keep(item, result);
    }

    private void KeepMissing()
    {
        foreach (var (item, result) in _missing)
            Keep(item, result);
        _missing.Clear();
    }

    private void Keep(WorkItem item, Result result)
    {
        _journal!.Add(item.Identity, result);
        _report = _report with
        {
            Scored = _report.Scored + (result.Refused is null ? 1 : 0),
            Refused = _report.Refused + (result.Refused is null ? 0 : 1),
            Seconds = _clock.Elapsed.TotalSeconds,
        };
        Progress(_report);
    }

    private void RequireArchive(bool atEnd)
    {
        var isAll = atEnd && _report.Scored + _report.Refused == 0 && _missing.Count >= MissingOfAll;
        if (_missing.Count < MissingInRow && !isAll)
            return;
        var count = _missing.Count;
        _missing.Clear();
        throw new MammoException(
            ErrorIds.ArchiveMissing, FormattableString.Invariant($"{count} images in a row do not exist below '{options.Root}'."), target: options.Root);
    }

    private void SealShard(ShardPlan plan)
    {
        var path = Seal.PathOf(options.Folder, options.Shard);
        var files = plan.Files.Append(_report.ResultFile).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var seal = new Seal(path, plan.Images, [.. files.Select(file => SealedFile.Of(file))]);
        if (!seal.Files.IsEmpty)
            seal.Write();
        InFlight.Forget(options.Folder, options.Shard);
    }

    private void MakeStaging()
    {
        try
        {
            if (options.Staging is { } staging)
                Directory.CreateDirectory(staging);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.FolderUnwritable, $"The folder '{options.Staging}' cannot be made: {failure.Message}", WriteErrors.FixOf(failure), options.Staging,
                failure);
        }
    }

    // What an earlier call of this machine left on its own disk. Files of other runs, which have the same folder there, are left to them.
    private void PublishStaged()
    {
        if (options.Staging is not { } staging || !Directory.Exists(staging))
            return;
        foreach (var file in ResultFile.In(staging).Where(file => file.Shard == options.Shard))
        {
            file.CutTornEnd();
            if (file.Run() is { } other && !run.IsSame(other))
                continue;
            Publish(file.Path);
        }
    }

    private void Publish(string path)
    {
        if (options.Staging is null)
            return;
        var target = Path.Combine(options.Folder, Path.GetFileName(path));
        try
        {
            if (InputFile.LengthOf(path) > 0)
                AtomicFile.Write(target, stream =>
                {
                    using var staged = InputFile.Open(path);
                    staged.CopyTo(stream);
                });
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.FileNotWritten, $"'{path}' cannot be moved to '{target}': {failure.Message}", WriteErrors.FixOf(failure), target, failure);
        }
    }
}
