using System.Collections;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.PowerShell.Predictions;

/// <summary>Scores mammograms with one model, or with several whose probabilities are averaged. Research use only.</summary>
/// <remarks>
/// Datasets or files come from the pipeline and models from <c>-Model</c>, or models from the pipeline and images from <c>-Dataset</c>, <c>-Path</c>,
/// <c>-LiteralPath</c> or <c>-Image</c>.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "MammoPredict", DefaultParameterSetName = "Dataset")]
[Alias("Get-MammoPrediction")]
[OutputType(typeof(MammoPrediction))]
public sealed class InvokeMammoPredictCommand : ImageRunCommand
{
    private Predictor? _predictor;

    /// <summary>The models, model files or names of models that come with Mammo; their probabilities are averaged.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "LiteralPath")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Source")]
    [ModelTransformation(ImagesFollow = true)]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotEmpty]
    public MammoModel[] Model { get; set; } = [];

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

    /// <summary>
    /// Write a record for an image that could not be scored too: without Score, with ErrorId and Reason. Its error is written as well.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeFailed { get; set; }

    /// <summary>Images in one run of the network; 0 chooses what is fastest on the device.</summary>
    [Parameter]
    [InRange(0, 4096)]
    public int BatchSize { get; set; }

    private protected override string Activity => "Predicting";

    private protected override MammoModel[] Models
    {
        get => Model;
        set => Model = value;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _predictor?.Dispose();

        base.Dispose(disposing);
    }

    private protected override void Announce(MammoDataset dataset)
    {
        var predictor = Predictor();
        if (Require(() => predictor.Announce(dataset), dataset) is { } finding)
            WriteFinding(finding);
    }

    private protected override void Run(MammoImage image)
    {
        var predictor = Predictor();
        Write(Require(() => predictor.Add(image), image));
    }

    private protected override void Finish()
    {
        if (_predictor is { } predictor)
            Write(predictor.Finish());
    }

    private Predictor Predictor()
    {
        if (_predictor is not null)
            return _predictor;
        var options = SharedOptions with { ClassMap = ClassMaps.Of(ClassMap), Augment = Augment, Calibrate = Calibrate, BatchSize = BatchSize };
        _predictor = Require(() => new Predictor(Model, options, StopToken));
        foreach (var decision in _predictor.Decisions)
            WriteVerbose(decision);
        foreach (var warning in _predictor.Preliminary())
            WriteFinding(warning);
        return _predictor;
    }

    private void Write(IEnumerable<PredictionResult> results)
    {
        using var enumerator = results.GetEnumerator();
        while (Require(enumerator.MoveNext))
        {
            var result = enumerator.Current;
            if (IncludeFailed && result.Failure is { } failure)
                WriteObject(MammoPrediction.Failed(result.Image, failure));
            Write(result.Image, result.Prediction, result.Failure, result.NewWarnings);
        }
    }
}
