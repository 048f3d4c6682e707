using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.PowerShell.Archive;

/// <summary>
/// Scores a shard of a worklist as Invoke-MammoPredict would, so that it may be stopped and killed at any time: what has a result is not scored again.
/// Research use only.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "MammoWorklist")]
[OutputType(typeof(ShardReport))]
public sealed class InvokeMammoWorklistCommand : EngineCommand
{
    private Predictor? _predictor;
    private StopSignals? _signals;
    private ShardLog? _log;

    /// <summary>The worklist (New-MammoWorklist).</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("PSPath", "FullName", "Worklist")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The models, model files or names of models that come with Mammo; their probabilities are averaged.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotEmpty]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>Folder of the results, which all shards of a run share; made if it is missing.</summary>
    [Parameter(Mandatory = true)]
    [NotEmpty]
    public string Out { get; set; } = "";

    /// <summary>Which share of the images: its number, and how many there are: 0/8 to 7/8, or 1/8 to 8/8. Other numbers may be taken at any time.</summary>
    [Parameter]
    [NotEmpty]
    public string Shard { get; set; } = "0/1";

    /// <summary>Folder that the paths of the worklist start at on this machine; the one that it was made of unless set.</summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "the worklist's")]
    public string? Root { get; set; }

    /// <summary>Folder on a disk of this machine where results are kept until the call ends, and which is emptied by the next call that scores the shard
    /// here.</summary>
    [Parameter]
    [NotEmpty]
    public string? Staging { get; set; }

    /// <summary>Seconds after which a result is on the disk at the latest: so much work is lost when the process is killed.</summary>
    [Parameter]
    [InRange(0.1, 3600)]
    public double CommitSeconds { get; set; } = 5;

    /// <summary>Seconds without a sign of life after which a shard is taken over from a process of another machine.</summary>
    [Parameter]
    [InRange(1, 86400)]
    public double LeaseSeconds { get; set; } = 60;

    /// <summary>Seconds between lines of progress; 0 for none.</summary>
    [Parameter]
    [InRange(0, 86400)]
    public double LogSeconds { get; set; } = 60;

    /// <summary>Exit code of PowerShell after SIGTERM or SIGUSR1, by which a scheduler knows that there is more to do.</summary>
    [Parameter]
    [InRange(0, 255)]
    public int StopExitCode { get; set; } = 143;

    /// <summary>Score again what was refused before.</summary>
    [Parameter]
    public SwitchParameter RetryRefused { get; set; }

    /// <summary>
    /// Which class of the images belongs to which of the model, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }; '' for one that the model
    /// does not know.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <summary>Average the scores of each image and its three flips.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>Scores become probabilities by the calibration in the model's card (New-MammoCalibration).</summary>
    [Parameter]
    public SwitchParameter Calibrate { get; set; }

    /// <summary>Images in one run of the network; 0 chooses what is fastest on the device.</summary>
    [Parameter]
    [InRange(0, 4096)]
    public int BatchSize { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var model in Model)
            WriteNotes(model);
        _signals = new StopSignals();
        var options = Require(Options);
        var report = Require(() => Score(options), Path);
        _log?.Write(report, isEnd: true);
        WriteObject(report);
        base.EndProcessing();
        if (report.IsStopped)
            LeavePowerShell();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _predictor?.Dispose();
            _signals?.Dispose();
        }

        base.Dispose(disposing);
    }

    private ShardOptions Options()
    {
        var list = ResolveInput(Path);
        return new ShardOptions
        {
            Worklist = list,
            Root = Root is null ? WorklistHeader.Of(list).Root : ResolveInput(Root),
            Folder = OutputPath(Out, force: true),
            Staging = Staging is null ? null : OutputPath(Staging, force: true),
            Shard = Mammo.Archive.Shards.Shard.Parse(Shard),
            Commit = TimeSpan.FromSeconds(CommitSeconds),
            Lease = TimeSpan.FromSeconds(LeaseSeconds),
            RetryRefused = RetryRefused,
            Refuse = PredictionScorer.Refuse,
        };
    }

    // Auto chooses by measurement: the first process for all, or scores would differ in their last digits from shard to shard.
    private ShardReport Score(ShardOptions options)
    {
        var engine = Engine == EngineKind.Auto ? RunEngine.Of(options.Folder) ?? Chosen() : Engine;
        try
        {
            return Score(options, engine);
        }
        catch (MammoException error)
            when (error.ErrorId == ErrorIds.ShardOptionsDiffer && Engine == EngineKind.Auto && RunEngine.Of(options.Folder) is { } first && first != engine)
        {
            // Another process was first while this one chose.
            _predictor?.Dispose();
            return Score(options, first);
        }
    }

    private EngineKind Chosen()
    {
        using var trial = new Predictor(Model, SharedOptions, StopToken);
        return RunEngine.Parse(trial.Inference) ?? EngineKind.Auto;
    }

    private ShardReport Score(ShardOptions options, EngineKind engine)
    {
        var how = SharedOptions with
        {
            ClassMap = ClassMaps.Of(ClassMap),
            Augment = Augment,
            Calibrate = Calibrate,
            BatchSize = BatchSize,
            Engine = engine,
        };

        // The running image is not broken off: no token.
        _predictor = new Predictor(Model, how, CancellationToken.None);
        foreach (var decision in _predictor.Decisions)
            WriteVerbose(decision);
        foreach (var warning in _predictor.Preliminary())
            WriteFinding(warning);
        AnnounceClasses(options.Worklist);
        _log = new ShardLog(this, Console.IsOutputRedirected ? null : StartProgress("Scoring a shard"), TimeSpan.FromSeconds(LogSeconds));
        var workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount;
        _log.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"shard {options.Shard} of '{options.Worklist}': process {Environment.ProcessId} on {Environment.MachineName}, "
                + $"{Predictor.ThreadCount} threads for the network, {workers} for images"));
        var scorer = new PredictionScorer(_predictor, options.Root, WriteFinding);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(StopToken, StopSignals.Token);
        var run = new ShardRun(PredictionScorer.Describe(_predictor, Model, how), options)
        {
            IsStopped = () => stop.IsCancellationRequested,
            Progress = report => _log.Write(report, isEnd: false),
            Found = WriteFinding,
        };
        try
        {
            return run.Run(scorer.Score, stop.Token);
        }
        catch (OperationCanceledException) when (StopSignals.Token.IsCancellationRequested)
        {
            // Before the first image: while it waited for another process, or made its plan.
            return new ShardReport { Shard = $"{options.Shard}", IsStopped = true };
        }
    }

    // All classes of the list are matched with the model's together, so that no shard knows fewer of them.
    private void AnnounceClasses(string list)
    {
        var classes = WorklistHeader.Of(list).Classes;
        if (classes.IsEmpty)
            return;
        var images = classes.Select((name, label) => new MammoImage("") { Class = name, Label = label });
        var names = new MammoDataset(System.IO.Path.GetFileName(list), classes, [.. images]);
        if (_predictor!.Announce(names) is { } finding)
            WriteFinding(finding);
    }

    // By a signal PowerShell ends; Ctrl+C ends the pipeline only.
    private void LeavePowerShell()
    {
        if (StopToken.IsCancellationRequested)
            throw new PipelineStoppedException();
        Host.SetShouldExit(StopExitCode);
    }
}
