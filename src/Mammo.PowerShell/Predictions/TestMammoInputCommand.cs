using System.Collections;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring.Inputs;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Says of images in what they differ from those that a model was trained on, how its scores move when each difference is fixed, and what to do. Writes one
/// record per difference of an image, and one per difference of the set. Research use only.
/// </summary>
/// <remarks>Datasets or files come from the pipeline and models from <c>-Model</c>, or a model from the pipeline and a dataset from <c>-Dataset</c>.</remarks>
[Cmdlet(VerbsDiagnostic.Test, "MammoInput", DefaultParameterSetName = "Dataset")]
[OutputType(typeof(InputDifference))]
public sealed class TestMammoInputCommand : ImageRunCommand
{
    private readonly List<MammoImage> _images = [];

    /// <summary>The models, model files or names of models that come with Mammo; each is tested by itself.</summary>
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

    private protected override string Activity => "Testing images";

    private protected override MammoModel[] Models
    {
        get => Model;
        set => Model = value;
    }

    private protected override void Run(MammoImage image) => _images.Add(image);

    private protected override void Finish()
    {
        var progress = StartProgress(Activity);
        progress.Total = _images.Count * Model.Length;
        for (var i = 0; i < Model.Length; i++)
        {
            var (model, before) = (Model[i], i * _images.Count);
            var test = Require(() => new InputTest(model, SharedOptions with { ClassMap = ClassMaps.Of(ClassMap) }, StopToken)
            {
                Progress = done => progress.Update(before + done, System.IO.Path.GetFileName(_images[done - 1].Path)),
            });
            using var differences = Require(() => test.Run(_images).GetEnumerator(), model);
            while (Require(differences.MoveNext, model))
                WriteObject(differences.Current);
        }
    }
}
