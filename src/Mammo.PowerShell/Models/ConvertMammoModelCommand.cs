using System.Collections;
using System.Management.Automation;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Networks.Files;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Conversion;
using Mammo.Scoring.Prediction;

namespace Mammo.PowerShell.Models;

/// <summary>
/// Converts a Keras file to safetensors, reads both again and writes a report beside it: network node by node, weights layer by layer, scores where they are
/// known.
/// </summary>
[Cmdlet(VerbsData.Convert, "MammoModel", SupportsShouldProcess = true)]
[OutputType(typeof(ModelConversionReport))]
public sealed class ConvertMammoModelCommand : ModelCardCommand
{
    /// <summary>The model file, taken as it is written.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The safetensors file; beside the model file, with its name, unless set.</summary>
    [Parameter(Position = 1)]
    [NotEmpty]
    public string? Destination { get; set; }

    /// <summary>The report, Markdown or (by its extension) JSON; beside the safetensors file, ending in .report.md, unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? Report { get; set; }

    /// <summary>A CSV of known scores: a dataset (path, label), with one further column for each class, named after it.</summary>
    [Parameter]
    [NotEmpty]
    public string? Expected { get; set; }

    /// <summary>
    /// With -Expected: which column of known scores belongs to which class of the model, where the names differ: @{ p_cancer = 'pos' }; '' for a column of
    /// other numbers.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <summary>The known scores are averages over the four flips.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>
    /// Image files, wildcards allowed, on which the output of every layer by Mammo's engine is compared with float64 (Accuracy of the report): greatest and
    /// mean difference. Needs libtorch, and memory for the outputs of all layers of one image.
    /// </summary>
    [Parameter]
    [NotEmpty]
    [SupportsWildcards]
    public string[]? Image { get; set; }

    /// <summary>
    /// What makes probabilities of the outputs, where the network's last layer does not: Softmax or Sigmoid if they are logits, None if they are probabilities
    /// as they are. Without an answer such a model gives no scores.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "what the network says")]
    public OutputActivation? OutputActivation { get; set; }

    /// <summary>Number type of the kernels.</summary>
    [Parameter]
    public WeightFormat WeightFormat { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(
        () =>
        {
            var source = ResolveInput(Path);
            var target = OutputPath(Destination ?? System.IO.Path.ChangeExtension(source, ".safetensors"), Force);
            var report = OutputPath(Report ?? System.IO.Path.ChangeExtension(target, ".report.md"), Force);
            if (!ShouldProcess(target, $"Convert '{source}' to safetensors"))
                return;
            if (ReadableImages() is not { } images)
                return;
            var options = new PredictorOptions { Augment = Augment, ClassMap = ClassMaps.Of(ClassMap) };
            var expected = Expected is null ? null : KnownScores.Read(ResolveInput(Expected), options, StopToken);
            var result = ModelConversion.Convert(source, target, Force, WeightFormat, expected, Complete, OutputActivation);
            WriteNotes(source, result.Notes);
            using (var model = ModelFiles.Import(target).Model)
            {
                if (ModelOutputs.Question(model) is { } question)
                    WriteFinding(question with { Subject = source });
                if (images.Count > 0)
                    result = result with { Accuracy = ModelAccuracy.Measure(model, images, new DicomOptions(), StopToken) };
            }

            ModelConversionReportWriter.Write(result, report, Force);
            WriteObject(result);
        });

    // Images are read before anything is written; null where one is missing, which was reported.
    private List<string>? ReadableImages()
    {
        var images = new List<string>();
        foreach (var path in Image ?? [])
        {
            var found = ResolveExisting([path], literal: false).ToList();
            if (found.Count == 0)
                return null;
            images.AddRange(found);
        }

        foreach (var image in images)
            ImageReader.Read(image);
        return images;
    }
}
