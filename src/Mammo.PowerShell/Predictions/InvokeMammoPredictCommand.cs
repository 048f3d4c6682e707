using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Inference;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>Scores mammograms with one model, or with several whose probabilities are averaged. Research use only.</summary>
/// <remarks>Datasets or files come from the pipeline and models from <c>-Model</c>, or a model from the pipeline and a dataset from <c>-Dataset</c>.</remarks>
[Cmdlet(VerbsLifecycle.Invoke, "MammoPredict", DefaultParameterSetName = "Dataset")]
[OutputType(typeof(MammoPrediction))]
public sealed class InvokeMammoPredictCommand : MammoCmdlet
{
    private readonly List<MammoModel> _piped = [];
    private Predictor? _predictor;
    private long _done;
    private long _expected;

    /// <summary>The models; their probabilities are averaged.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Dataset")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "LiteralPath")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Model")]
    [ValidateNotNullOrEmpty]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>The images as a dataset.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [Parameter(Mandatory = true, ParameterSetName = "Model")]
    [Alias("Test")]
    [ValidateNotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>Image files; wildcards allowed, but a name that exists as it is written is taken literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Image files, taken as they are written; file objects from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Images of a dataset, one by one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Image")]
    [ValidateNotNull]
    public MammoImage[] Image { get; set; } = [];

    /// <summary>Average the scores of each image and its three flips.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>Images in one run of the network; 0 chooses what is fastest on the device.</summary>
    [Parameter]
    [ValidateRange(0, 4096)]
    public int BatchSize { get; set; }

    /// <summary>Where the network runs: auto (a GPU where torch finds one), cpu, cuda or cuda:n.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [ValidateNotNullOrEmpty]
    public string Device { get; set; } = "auto";

    /// <summary>Number type of the network: Float32, BFloat16, Float64.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>What runs the network: Auto, Torch, Onnx.</summary>
    [Parameter]
    public EngineKind Engine { get; set; }

    /// <summary>Height and width given to the network; the model's own unless set.</summary>
    [Parameter]
    [ImageSizeTransformation]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor from stored pixels to the 0..255 scale; the model card's unless set.</summary>
    [Parameter]
    [ValidateRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>Scale each image so that its maximum is this value, in place of a fixed factor.</summary>
    [Parameter]
    [Alias("ImageScale")]
    [ValidateRange(1e-9, 1e9)]
    public double? TargetScale { get; set; }

    /// <summary>Mean that is subtracted after rescaling, 0..255 scale; the model card's unless set.</summary>
    [Parameter]
    public double? FeaturewiseMean { get; set; }

    /// <summary>Equalise the histogram after rescaling; as the model's card says unless set.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    [PSDefaultValue(Help = "the model card's")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>Stretch each image to the full range of its bit depth first, as the published models' images had been.</summary>
    [Parameter]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>Threads that decode and prepare images; 0 for one per processor.</summary>
    [Parameter]
    [ValidateRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "Model":
                _piped.AddRange(Model);
                break;
            case "Dataset":
                foreach (var dataset in Dataset)
                    Predict(dataset);
                break;
            case "Image":
                foreach (var image in Image)
                    Predict(image);
                break;
            case "Path":
                foreach (var path in ResolveExisting(Path, literal: false))
                    Predict(new MammoImage(path));
                break;
            default:
                foreach (var path in ResolveExisting(LiteralPath, literal: true))
                    Predict(new MammoImage(path));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Not the parameter set: PowerShell forgets it, and the parameters bound from the pipeline, after the last object.
        if (_piped.Count > 0)
        {
            Model = [.. _piped];
            foreach (var dataset in Dataset)
                Predict(dataset);
        }

        if (_predictor is { } predictor)
            Write(predictor.Finish());
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _predictor?.Dispose();

        base.Dispose(disposing);
    }

    private void Predict(MammoDataset dataset)
    {
        _expected += dataset.Count;
        StartProgress("Predicting").Total = _expected;
        if (Predictor().Announce(dataset) is { } warning)
            WriteWarning(warning.ToString());
        foreach (var image in dataset.Images)
            Predict(image);
    }

    private void Predict(MammoImage image) => Write(Predictor().Add(image));

    private Predictor Predictor()
    {
        if (_predictor is not null)
            return _predictor;
        _predictor = Require(() => new Predictor(Model, Options(), StopToken));
        foreach (var decision in _predictor.Decisions)
            WriteVerbose(decision);
        foreach (var warning in _predictor.Preliminary())
            WriteWarning(warning.ToString());
        return _predictor;
    }

    private PredictorOptions Options() => new()
    {
        ImageSize = ImageSize,
        RescaleFactor = RescaleFactor,
        TargetScale = TargetScale,
        FeaturewiseMean = FeaturewiseMean,
        EqualizeHistogram = MyInvocation.BoundParameters.ContainsKey(nameof(EqualizeHistogram)) ? EqualizeHistogram.ToBool() : null,
        AutoLevel = AutoLevel,
        Augment = Augment,
        BatchSize = BatchSize,
        WorkerCount = WorkerCount,
        Device = Device,
        Precision = Precision,
        Engine = Engine,
    };

    private void Write(IEnumerable<PredictionResult> results)
    {
        using var enumerator = results.GetEnumerator();
        while (Require(enumerator.MoveNext))
        {
            var result = enumerator.Current;
            foreach (var warning in result.NewWarnings)
                WriteWarning(warning.ToString());
            if (result.Failure is { } failure)
                WriteError(ErrorRecords.Of(failure, result.Image));
            else
                WriteObject(result.Prediction);
            StartProgress("Predicting").Update(++_done, System.IO.Path.GetFileName(result.Image.Path));
        }
    }
}
