using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;

namespace Mammo.PowerShell.Predictions;

/// <summary>What the cmdlets share that run models on images: where both come from, how images are prepared, and where the network runs.</summary>
/// <remarks>Datasets or files come from the pipeline and models from <c>-Model</c>, or a model from the pipeline and a dataset from <c>-Dataset</c>.</remarks>
public abstract class ImageRunCommand : PreparationCommand
{
    private readonly List<MammoModel> _piped = [];
    private long _done;
    private long _expected;

    /// <summary>The images as datasets, folders of class folders, or CSV lists.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [Parameter(Mandatory = true, ParameterSetName = "Model")]
    [DatasetTransformation(IsJoined = false, IsPiped = true)]
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

    /// <summary>
    /// Images of a dataset, one by one, or rows of a list (Import-Csv) with the columns of one: path, label, patient, laterality, view, sample_weight and any
    /// other.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Image")]
    [RowTransformation]
    [ValidateNotNull]
    public MammoImage[] Image { get; set; } = [];

    /// <summary>Where the network runs: auto (a GPU where torch finds one), cpu, cuda or cuda:n.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [ValidateNotNullOrEmpty]
    public string Device { get; set; } = "auto";

    /// <summary>Number type of the network: Float32, BFloat16, Float64.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>What runs the network: Auto, Torch, Onnx, or Mammo (own kernels, on the CPU).</summary>
    [Parameter]
    public EngineKind Engine { get; set; }

    /// <summary>DICOM: which values are shown: Auto (the file's lookup table, else its first window, else all), Lut, Window, Window:n, or None for the whole range.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VoiCompleter))]
    [ValidateNotNullOrEmpty]
    public string Voi { get; set; } = "Auto";

    /// <summary>DICOM: number of the frame that is taken from an image of several, from 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Frame { get; set; }

    /// <summary>DICOM: take images for processing too, a detector's signal that no published network was trained on.</summary>
    [Parameter]
    public SwitchParameter AllowForProcessing { get; set; }

    /// <summary>DICOM: take other images than whole CC and MLO mammograms too: other views, magnification, spot compression, specimens, other modalities.</summary>
    [Parameter]
    public SwitchParameter AnyView { get; set; }

    /// <summary>DICOM: turn images as mammograms hang, by the directions that the file names.</summary>
    [Parameter]
    public SwitchParameter Orient { get; set; }

    /// <summary>Threads that decode and prepare images; 0 for one per processor.</summary>
    [Parameter]
    [ValidateRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>
    /// Memory in bytes that decoding images may take, all threads together, in this and later commands of the session: an image waits for others, and one that
    /// needs more is refused.
    /// </summary>
    [Parameter]
    [ValidateRange(1L << 24, long.MaxValue)]
    [PSDefaultValue(Help = "a quarter of the memory")]
    public long MemoryBudget
    {
        get => DecodingBudget.Bytes;
        set => DecodingBudget.Bytes = value;
    }

    /// <summary>The models, as parameter or from the pipeline.</summary>
    private protected abstract MammoModel[] Models { get; set; }

    /// <summary>What the progress bar calls the work.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Records for each image.</summary>
    private protected virtual int RecordsPerImage => 1;

    /// <summary>Records, or errors in their place, that were written.</summary>
    private protected long Done => _done;

    /// <summary>What the shared parameters say.</summary>
    private protected PredictorOptions SharedOptions => new()
    {
        Preparation = Wishes,
        Dicom = Require(Dicom),
        WorkerCount = WorkerCount,
        Device = Device,
        Precision = Precision,
        Engine = Engine,
    };

    private DicomOptions Dicom()
    {
        try
        {
            return new DicomOptions { Voi = DicomVoi.Parse(Voi), Frame = Frame, AllowForProcessing = AllowForProcessing, AnyView = AnyView, Orient = Orient };
        }
        catch (FormatException error)
        {
            throw new MammoException(ErrorIds.DicomVoiMissing, error.Message, "Give one of these.", nameof(Voi), error);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "Model":
                _piped.AddRange(Models);
                break;
            case "Dataset":
                foreach (var dataset in Dataset)
                    Run(dataset);
                break;
            case "Image":
                foreach (var image in Image)
                    Run(image);
                break;
            case "Path":
                foreach (var path in ResolveExisting(Path, literal: false))
                    Run(new MammoImage(path));
                break;
            default:
                foreach (var path in ResolveExisting(LiteralPath, literal: true))
                    Run(new MammoImage(path));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Not the parameter set: PowerShell forgets it, and the parameters bound from the pipeline, after the last object.
        if (_piped.Count > 0)
        {
            Models = [.. _piped];
            foreach (var dataset in Dataset)
                Run(dataset);
        }

        Finish();
        base.EndProcessing();
    }

    /// <summary>Called before the images of a dataset are run.</summary>
    private protected virtual void Announce(MammoDataset dataset)
    {
    }

    /// <summary>Takes an image and writes the results that became ready.</summary>
    private protected abstract void Run(MammoImage image);

    /// <summary>Writes what is left.</summary>
    private protected abstract void Finish();

    /// <summary>Writes the record of an image, or why there is none, and what was noticed.</summary>
    private protected void Write(MammoImage image, object? record, MammoException? failure, IEnumerable<Finding> warnings)
    {
        foreach (var warning in warnings)
            WriteFinding(warning);
        if (failure is not null)
            WriteError(ErrorRecords.Of(failure, image));
        else
            WriteObject(record);
        StartProgress(Activity).Update(++_done, System.IO.Path.GetFileName(image.Path));
    }

    private void Run(MammoDataset dataset)
    {
        _expected += (long)dataset.Count * RecordsPerImage;
        StartProgress(Activity).Total = _expected;
        Announce(dataset);
        foreach (var image in dataset.Images)
            Run(image);
    }
}
