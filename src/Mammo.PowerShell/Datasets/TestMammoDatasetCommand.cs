using System.Collections;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Looks for what makes training or testing on datasets worthless: shared patients and images, unreadable files, masks that do not fit, a wrong scale. Writes
/// one record per finding.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "MammoDataset")]
[OutputType(typeof(Finding))]
public sealed class TestMammoDatasetCommand : PreparationCommand
{
    private const double FullScale = 255;

    // Where no model says it.
    private const int UsualChannels = 3;

    private readonly List<MammoDataset> _sets = [];
    private readonly List<Finding> _ofLists = [];

    /// <summary>The datasets, all in one call (training, validation, test): they are compared with each other.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation(IsJoined = false)]
    [NotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>The model that is to be given the images; its card says size, rescale factor and mean.</summary>
    [Parameter]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel? Model { get; set; }

    /// <summary>
    /// With -Model: which class of the datasets belongs to which of the model, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }; '' for one
    /// that the model does not know.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <summary>Name of a variable that is given what is in each dataset: images, patients, classes, bit depths, sizes, maxima, mean.</summary>
    [Parameter]
    [NotEmpty]
    public string? SummaryVariable { get; set; }

    /// <summary>Threads that decode images; 0 for one per processor.</summary>
    [Parameter]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ClassMap is not null && Model is null)
            Require<object>(() => throw new MammoException(ErrorIds.ArgumentInvalid, "-ClassMap has no effect without a model.",
                "Give -Model, or leave it out."));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _sets.AddRange(Dataset);
        _ofLists.AddRange(Dataset.SelectMany(DatasetTransformationAttribute.TakeFindings));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Finding[] ofClasses = [.. _sets.Select(Classes).OfType<Finding>()];
        MammoImage[] images = [.. _sets.SelectMany(set => set.Images)];
        var progress = StartProgress("Testing datasets", images.Length);
        var check = new DatasetCheck
        {
            Preparation = Model is null ? Preparation() : Require(() => Preparation(Model), Model),
            Workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount,
            Dicom = Model is null ? Dicom : Require(() => ModelDicom.For([Model], Dicom, Wishes), Model),
            Progress = done => progress.Update(done, System.IO.Path.GetFileName(images[done - 1].Path)),
            CancellationToken = StopToken,
        };
        var report = Require(() => check.Run(_sets));
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, report.Sets.ToArray());
        foreach (var set in report.Sets)
            WriteVerbose(set.ToString());
        Finding[] findings = [.. _ofLists, .. ofClasses, .. report.Findings];
        WriteVerbose(findings.Length == 0 ? "Nothing was found." : $"{findings.Length} findings");
        foreach (var finding in findings)
            WriteObject(finding);
        base.EndProcessing();
    }

    // As Invoke-MammoPredict would match them.
    private Finding? Classes(MammoDataset set)
    {
        if (Model is null)
            return ClassOrder.Check($"dataset '{set.Name}'", set.Classes) is { } order ? order with { Subject = set.Name } : null;
        var match = Require(() => ClassMatch.For(Model, ClassMaps.Of(ClassMap)), Model);
        try
        {
            match.Check(set);
            var (positions, finding) = match.Of($"dataset '{set.Name}'", set.Classes);
            string[] without = [.. positions.Where(pair => pair.Value is null).Select(pair => pair.Key)];
            var count = set.Images.Count(image => image.Class is { } name && without.Contains(name, StringComparer.OrdinalIgnoreCase));
            return count == 0 ? finding : new Finding(
                ErrorIds.ModelClassMismatch,
                $"{count} images of dataset '{set.Name}' count in no measurement: '{Model.Name}' has no output for their classes "
                    + $"({string.Join(", ", without)}).")
            {
                Subject = set.Name,
                SuggestedFix = "Nothing, if it is meant.",
            };
        }
        catch (MammoException failure)
        {
            return Finding.Of(failure) with { Subject = set.Name };
        }
    }

    private Preparation Preparation()
    {
        var isUnscaled = RescaleFactor is null && TargetScale is null;
        if (isUnscaled)
            WriteVerbose($"No rescale factor: each image's maximum is taken as {FullScale}.");
        var mean = Require(() => FeaturewiseMean?.For(UsualChannels, "a network for mammograms"));
        return new Preparation
        {
            Size = ImageSize,
            Top = ValueScale.Top(TargetScale, RescaleFactor, mean?.Average),
            RescaleFactor = RescaleFactor,
            TargetScale = isUnscaled ? FullScale : TargetScale,
            FeaturewiseMean = mean,
            EqualizeHistogram = EqualizeHistogram,
            AutoLevel = AutoLevel,
            LocalContrast = LocalContrast > 0 ? LocalContrast : null,
        };
    }

    private Preparation Preparation(MammoModel model)
    {
        WriteNotes(model);
        var decided = ModelPreparation.For(model, Wishes);
        WritePreparation(decided);
        return decided.Preparation;
    }
}
