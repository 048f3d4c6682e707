using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Loading;
using Mammo.Data.Splits;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;
using Mammo.PowerShell.Predictions;
using Mammo.Scoring;
using Mammo.Scoring.CrossValidation;
using Mammo.Scoring.Prediction;

namespace Mammo.PowerShell.Training;

/// <summary>
/// Trains and tests by patient: each fold of the patients is scored by a model that was trained on the others, and all scores are measured together. Can be
/// stopped and continued. Research use only.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "MammoCrossValidation", DefaultParameterSetName = "Fold", SupportsShouldProcess = true)]
[OutputType(typeof(CrossValidationResult))]
public sealed class InvokeMammoCrossValidationCommand : EngineCommand
{
    // What decides no score beyond rounding, or is in the description by itself.
    private static readonly HashSet<string> NoOptions = new(
        [
            .. CommonParameters, .. OptionalCommonParameters, nameof(Dataset), nameof(Path), nameof(TrainingScript), nameof(Fold), nameof(FromSplit),
            nameof(Seed), nameof(Stratify), nameof(ValidationShare), nameof(FoldNumber), nameof(AllowLeakage), nameof(BatchSize), nameof(Device),
            nameof(Engine), nameof(SkipBackground), nameof(WorkerCount), nameof(MemoryBudget),
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly List<MammoDataset> _datasets = [];

    /// <summary>Folder of the run: folds, scores, and what the script keeps. One that a run with the same data, script and options began is gone on
    /// with.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>
    /// Trains a model and writes it, or the path of its file (several are averaged), and nothing else. It is given the training set, the validation set ($null
    /// without one), and the fold with its Seed, Fold and Folder: { param($train, $validation, $fold) … }.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [NotNull]
    public ScriptBlock TrainingScript { get; set; } = null!;

    /// <summary>All images, with their patients and classes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset Dataset { get; set; } = null!;

    /// <summary>Number of folds.</summary>
    [Parameter(ParameterSetName = "Fold")]
    [InRange(2, 1000)]
    public int Fold { get; set; } = 5;

    /// <summary>A split that was written with Split-MammoDataset -SplitPath; its parts are the folds of every seed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [NotEmpty]
    public string? FromSplit { get; set; }

    /// <summary>One run each: decides the folds (unless -FromSplit is given) and who is validation, and is given to the script.</summary>
    [Parameter]
    [InRange(0, int.MaxValue)]
    [NotEmpty]
    public int[] Seed { get; set; } = [12345];

    /// <summary>Every fold, and validation, gets its share of each class; on unless -Stratify:$false.</summary>
    [Parameter]
    public SwitchParameter Stratify { get; set; } = true;

    /// <summary>Share of the other folds' patients that is kept for validation; 0 for none.</summary>
    [Parameter]
    [InRange(0, 0.9)]
    public double ValidationShare { get; set; } = 0.1;

    /// <summary>Only these folds are trained now; what all finished folds give is measured once none is missing. Several processes can train a fold
    /// each.</summary>
    [Parameter]
    [InRange(1, 1000)]
    [NotEmpty]
    [PSDefaultValue(Help = "all")]
    public int[]? FoldNumber { get; set; }

    /// <summary>Average the scores of each image and its three flips.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>Images in one run of the network; 0 chooses what is fastest on the device.</summary>
    [Parameter]
    [InRange(0, 4096)]
    public int BatchSize { get; set; }

    /// <summary>Take models too whose card says that they were trained on patients of the fold that they are tested on.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteFindings([Dataset]);
        _datasets.Add(Dataset);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var plan = Require(Plan);
        if (FoldNumber?.FirstOrDefault(number => number > plan.Folds) is > 0 and var beyond)
        {
            Require<object>(() => throw new MammoException(
                ErrorIds.EvaluationOptionInvalid, $"There is no fold {beyond}: there are {plan.Folds}.", $"Give numbers from 1 to {plan.Folds}.",
                nameof(FoldNumber)));
        }

        var path = ResolveOutput(Path, force: true);
        var folder = new CrossValidationFolder(path);
        var description = Description(plan);
        Require<object?>(() =>
        {
            folder.Check(description);
            return null;
        });
        foreach (var seed in Seed.Distinct())
        {
            var split = Require(() => plan.Split(seed));
            WriteFindings(Require(() => plan.Findings(split)), null);
            WriteVerbose($"Seed {seed}: {split}; hash {split.Hash}");
            Run(plan, folder, description, split, seed);
        }

        base.EndProcessing();
    }

    private void Run(CrossValidationPlan plan, CrossValidationFolder folder, KeyValuePair<string, string>[] description, PatientSplit split, int seed)
    {
        foreach (var number in FoldNumber?.Distinct().Order() ?? Enumerable.Range(1, plan.Folds))
        {
            var sets = Require(() => plan.Sets(split, seed, number));
            var fold = new CrossValidationFold(seed, number, System.IO.Path.Combine(folder.Fold(seed, number), "training"), split.Hash);
            if (Require(() => folder.Read(seed, number, sets)) is not null)
            {
                WriteVerbose($"{fold} is finished already.");
                continue;
            }

            if (!ShouldProcess(folder.Fold(seed, number), $"Train on {sets.Train.Count} images, test on {sets.Test.Count}"))
                continue;
            Attempt(
                () =>
                {
                    folder.Begin(description);
                    folder.Keep(seed, split);
                    using var owner = FolderOwner.Take(folder.Fold(seed, number));
                    // Another process may have finished it since.
                    if (folder.Read(seed, number, sets) is null)
                        folder.Write(fold, Tested(sets, fold));
                },
                fold);
        }

        Write(plan, folder, split, seed);
    }

    private void Write(CrossValidationPlan plan, CrossValidationFolder folder, PatientSplit split, int seed)
    {
        var finished = Enumerable.Range(1, plan.Folds)
            .Select(number => (Number: number, Scores: Require(() => folder.Read(seed, number, plan.Sets(split, seed, number)))))
            .Where(fold => fold.Scores is not null).ToArray();
        if (finished.Length == 0)
            return;
        // A run that was killed before it, and other processes, leave it behind the folds.
        if (ShouldProcess(folder.ScorePath, "Gather scores"))
        {
            Require<object?>(() =>
            {
                folder.Gather();
                return null;
            });
        }

        var areas = finished.Select(fold => (Name: $"fold{fold.Number}", Area: Require(() => Measured([fold.Scores!]))?.AucEstimate.Value))
            .Where(fold => fold.Area is not null).ToArray();
        var measurement = finished.Length < plan.Folds ? null : Require(() => Measured(finished.Select(fold => fold.Scores!)));
        foreach (var warning in measurement?.Warnings ?? FindingList.Empty)
            WriteFinding(warning);
        WriteObject(new CrossValidationResult
        {
            Seed = seed,
            SplitHash = split.Hash,
            Folds = plan.Folds,
            Finished = finished.Length,
            FoldAuc = NamedTable.Of<double>([.. areas.Select(fold => fold.Name)], [.. areas.Select(fold => fold.Area!.Value)]),
            Measurement = measurement,
            ScorePath = folder.ScorePath,
        });
    }

    /// <summary>Measures rows as Import-Csv gives them to Measure-MammoPrediction.</summary>
    private Evaluation.Measurement.MammoMeasurement? Measured(IEnumerable<FoldScores> tables)
    {
        var collector = new PredictionCollector(null, null, []);
        foreach (var table in tables)
        {
            foreach (var row in table.Rows)
            {
                var record = new PSObject();
                for (var place = 0; place < row.Length; place++)
                    record.Properties.Add(new PSNoteProperty(table.Columns[place], row[place]));
                collector.Add(record);
            }
        }

        if (collector.Finish() is { } finding)
            WriteFinding(finding);
        return collector.Builder.Measure(new() { AllowLeakage = AllowLeakage }, StopToken);
    }

    private CrossValidationPlan Plan()
    {
        var dataset = MammoDataset.Join(_datasets);
        return FromSplit is null
            ? new CrossValidationPlan(dataset, Fold, Stratify, ValidationShare)
            : new CrossValidationPlan(dataset, SplitFile.Read(ResolveInput(FromSplit)), Stratify, ValidationShare);
    }

    private KeyValuePair<string, string>[] Description(CrossValidationPlan plan)
    {
        var script = Encoding.UTF8.GetBytes($"{TrainingScript}".ReplaceLineEndings("\n").Trim());
        // Flips that are turned off are as if nothing was said; the other switches override the model's card, so that off is an option too.
        var options = MyInvocation.BoundParameters.Where(pair => !NoOptions.Contains(pair.Key) && (Augment || pair.Key != nameof(Augment)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={PredictionRow.Text(pair.Value)}");
        return
        [
            .. plan.Description,
            new("training script", Convert.ToHexString(SHA256.HashData(script)).ToLowerInvariant()),
            new("scoring", string.Join(';', options)),
        ];
    }

    /// <summary>The scores of what the script trained. Models that are read from files here are let go again, those of the script are its own.</summary>
    private List<MammoPrediction> Tested(CrossValidationSets sets, CrossValidationFold fold)
    {
        RequireReadable(sets.Test, fold);
        var opened = new List<MammoModel>();
        try
        {
            return Predicted(Models(sets, fold, opened), sets.Test, fold);
        }
        finally
        {
            foreach (var model in opened)
                model.Dispose();
        }
    }

    /// <summary>A film that cannot be read would be seen only after hours of training.</summary>
    private void RequireReadable(MammoDataset test, CrossValidationFold fold)
    {
        var workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount;
        var failures = test.Images.LoadOrdered((image, _) => ImageReader.Read(image.Path, dicom: Dicom).Size, workers, 2 * workers, StopToken)
            .Where(result => result.Error is not null).ToArray();
        foreach (var failure in failures)
            WriteError(ErrorRecords.Of(failure.Error!, failure.Item.Path));
        if (failures.Length > 0)
            throw NotAll(failures.Length, test, fold, "be read, so that it was not trained");
    }

    private static MammoException NotAll(int count, MammoDataset test, CrossValidationFold fold, string what) => new(
        ErrorIds.ImageUnscored, $"{count} of {test.Count} images of {fold} cannot {what}: the fold is not finished.",
        "See the errors before this one. Fix the files and run the same again, or leave them out of the dataset and name another folder.", fold.Folder);

    private MammoModel[] Models(CrossValidationSets sets, CrossValidationFold fold, List<MammoModel> opened)
    {
        Directory.CreateDirectory(fold.Folder);
        WriteVerbose($"{fold}: training on {sets.Train}, validation {sets.Validation?.Count ?? 0}, test {sets.Test.Count}");
        Collection<PSObject> written;
        try
        {
            written = InvokeCommand.InvokeScript(useLocalScope: true, TrainingScript, null, sets.Train, sets.Validation, fold);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            throw new MammoException(
                ErrorIds.FoldNotTrained, $"The training script failed for {fold}: {failure.Message}",
                "Fix the script, and run the same again: finished folds are kept.", fold.Folder, failure);
        }

        var models = written.Where(item => item is not null).Select(item => Model(item.BaseObject, fold, opened)).ToArray();
        return models.Length > 0 ? models : throw NoModel(fold, "nothing");
    }

    private MammoModel Model(object written, CrossValidationFold fold, List<MammoModel> opened)
    {
        if (written is MammoModel model)
            return model;
        if (written is not (string or FileInfo) || !File.Exists(ResolveOutput($"{written}", force: true)))
            throw NoModel(fold, $"'{written}'");
        var import = ModelFiles.Import(ResolveInput($"{written}"));
        opened.Add(import.Model);
        foreach (var note in import.Notes)
            WriteFinding(new Finding(ErrorIds.PreparationAssumed, $"{import.Model.Name}: {note}") { Subject = import.Model.Name });
        return import.Model;
    }

    private static MammoException NoModel(CrossValidationFold fold, string what) => new(
        ErrorIds.FoldNotTrained, $"The training script wrote {what} for {fold}, where a model or the path of its file is wanted.",
        "Let the script end with the model, and put '$null =' before whatever else writes.", fold.Folder);

    private List<MammoPrediction> Predicted(MammoModel[] models, MammoDataset test, CrossValidationFold fold)
    {
        var predictions = new List<MammoPrediction>();
        using var predictor = new Predictor(models, SharedOptions with { Augment = Augment, BatchSize = BatchSize }, StopToken);
        foreach (var decision in predictor.Decisions)
            WriteVerbose(decision);
        foreach (var warning in predictor.Preliminary())
            WriteFinding(warning);
        if (predictor.Announce(test) is { } finding)
            WriteFinding(finding);
        foreach (var result in test.Images.SelectMany(predictor.Add).Concat(predictor.Finish()))
        {
            foreach (var warning in result.NewWarnings)
                WriteFinding(warning);
            if (result.Failure is { } failure)
                WriteError(ErrorRecords.Of(failure, result.Image));
            predictions.Add(result.Prediction ?? MammoPrediction.Failed(result.Image, result.Failure!));
        }

        // A fold with scores is never opened again, and what is measured would lack these images.
        if (predictions.Count(prediction => prediction.Score is null) is > 0 and var unscored)
            throw NotAll(unscored, test, fold, "be scored");
        if (!AllowLeakage && predictions.Find(prediction => prediction.Warning.Contains(ErrorIds.DataLeakage, StringComparison.Ordinal)) is { } leaked)
        {
            throw new MammoException(
                ErrorIds.DataLeakage,
                $"The model of {fold} was trained on patient {leaked.Patient}, whom it is to be tested on.",
                "Let the script train on the set that it is given; or use -AllowLeakage if ids are those of other people.",
                leaked.Patient);
        }

        return predictions;
    }
}
