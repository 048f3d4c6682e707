using System.Management.Automation;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Files;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Writes a model to a file: safetensors with network and card inside, or ONNX for other programs. The file appears whole or not at all.</summary>
[Cmdlet(VerbsData.Export, "MammoModel", SupportsShouldProcess = true)]
[OutputType(typeof(MammoModel))]
public sealed class ExportMammoModelCommand : MammoCmdlet
{
    private static readonly string[] OtherPrograms = [".h5", ".hdf5", ".keras", ".pb", ".pt", ".pth", ".tflite", ".ckpt", ".npz", ".pkl", ".json"];

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel Model { get; set; } = null!;

    /// <summary>Safetensors or Onnx; recognised by the extension unless set.</summary>
    [Parameter]
    public ModelFormat? Format { get; set; }

    /// <summary>Number type of the kernels in a safetensors file.</summary>
    [Parameter]
    public WeightFormat WeightFormat { get; set; }

    /// <summary>
    /// In an ONNX file, every layer as it is, with dropout as an identity and batch norm by itself, for comparisons layer by layer. Otherwise dropout is left
    /// out and batch norm folded into the layer before it.
    /// </summary>
    [Parameter]
    public SwitchParameter Unfolded { get; set; }

    /// <summary>What Measure-MammoPrediction found on images that the model was not trained on, for its card.</summary>
    [Parameter]
    [NotNull]
    public MammoMeasurement? Measurement { get; set; }

    /// <summary>With -Measurement: which images those were.</summary>
    [Parameter]
    [NotEmpty]
    public string MeasuredOn { get; set; } = "a test set without a name";

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the model to the pipeline as well, with the measurement in its card.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Measurement is null && MyInvocation.BoundParameters.ContainsKey(nameof(MeasuredOn)))
            WriteFinding(new Finding(ErrorIds.ModelOptionConflict, "-MeasuredOn has no effect without -Measurement: the card keeps what it has.")
            { SuggestedFix = "Give -Measurement too, what Measure-MammoPrediction found." });
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteNotes(Model);
        var path = ResolveOutput(Path, Force);
        var format = Format ?? (System.IO.Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? ModelFormat.Onnx
            : ModelFormat.Safetensors);
        Require<object?>(() => Checked(path, format));
        var model = Measurement is null
            ? Model
            : Require(() => Model.WithCard(Model.Card with { Measurement = ModelMeasurement.Of(Measurement, MeasuredOn) }), Model);
        if (ShouldProcess(path, $"Write model '{model.Name}' as {format}"))
            Require(() => Write(model, path, format), model);
        if (PassThru)
            WriteObject(model);
    }

    // A file of another kind than its name says, or an option without effect, is a mistake that shows only later.
    private object? Checked(string path, ModelFormat format)
    {
        var extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (OtherPrograms.Contains(extension))
            throw new MammoException(
                ErrorIds.ModelOptionConflict, $"'{path}' has the extension of another program's models, and Mammo writes none of these.",
                "Name a file that ends in .safetensors, which keeps the card, or in .onnx for other programs.", path);
        if (extension == (format == ModelFormat.Onnx ? ".safetensors" : ".onnx"))
            throw new MammoException(
                ErrorIds.ModelOptionConflict, $"'{path}' would be written as {format}, whatever its extension says.",
                "Leave out -Format, or change the extension.", path);
        if (format != ModelFormat.Onnx && Unfolded)
            throw new MammoException(
                ErrorIds.ModelOptionConflict,
                "-Unfolded has no effect on safetensors: its network always is the model's, layer by layer.",
                "Leave it out.",
                path);
        if (format == ModelFormat.Onnx && WeightFormat != WeightFormat.Float32)
            throw new MammoException(
                ErrorIds.ModelOptionConflict, $"-WeightFormat {WeightFormat} has no effect on ONNX: its weights are written as float32.",
                "Leave it out, or write a file that ends in .safetensors.", path);
        return null;
    }

    private bool Write(MammoModel model, string path, ModelFormat format)
    {
        if (format == ModelFormat.Onnx)
            OnnxFile.Write(model, path, Unfolded);
        else
            ModelFiles.Export(model, path, force: true, WeightFormat);
        return true;
    }
}

/// <summary>File formats that models are written in.</summary>
public enum ModelFormat
{
    /// <summary>Safetensors with the network and the card as JSON in the metadata.</summary>
    Safetensors,

    /// <summary>ONNX, operator set 17, dynamic batch.</summary>
    Onnx,
}
