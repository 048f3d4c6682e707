using System.Management.Automation;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Makes a patch classifier with new weights, or with a pretrained body.</summary>
[Cmdlet(VerbsCommon.New, "PatchModel")]
[Alias("New-MammoPatchModel")]
[OutputType(typeof(MammoModel))]
public sealed class NewPatchModelCommand : CardPreparationCommand
{
    /// <summary>Name of the body; Get-MammoArchitecture lists them.</summary>
    [Parameter(Position = 0)]
    [Alias("Net", "PatchNet")]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    [NotEmpty]
    public string Architecture { get; set; } = "resnet50";

    /// <summary>Class names in the order of the outputs.</summary>
    [Parameter]
    [Alias("ClassList")]
    [NotEmpty]
    public string[] Class { get; set; } = ["background", "calc_ben", "calc_mal", "mass_ben", "mass_mal"];

    /// <summary>Dropout rate before the output layer while training; at 0 there is no dropout layer.</summary>
    [Parameter]
    [InRange(0.0, 0.999)]
    public double HiddenDropout { get; set; }

    /// <summary>L2 penalty on the kernel of the output layer; 0.01 as in the original (0 for yaroslav) unless set.</summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double? WeightDecay { get; set; }

    /// <summary>Factor on every filter count, above 0 up to 1, for small machines and data.</summary>
    [Parameter]
    [InRange(0.001, 1.0)]
    public double WidthMultiplier { get; set; } = 1;

    /// <summary>
    /// Input channels: 3 equal planes or 1, the architecture's own unless set; 2 for z-score in the breast and local contrast, of patches of New-MammoPatchSet
    /// -ZScore or a card with -LocalContrast.
    /// </summary>
    [Parameter]
    [InRange(1, 3)]
    public int? Channel { get; set; }

    /// <summary>
    /// Weights of the body: a Keras "notop" HDF5 file, or a torchvision checkpoint saved as safetensors (vgg16, vgg19, resnet50_torchvision).
    /// </summary>
    [Parameter]
    [Alias("UsePretrained")]
    [NotEmpty]
    public string? PretrainedWeight { get; set; }

    /// <summary>Seed of the new weights.</summary>
    [Parameter]
    [Alias("RandomSeed")]
    [InRange(0, int.MaxValue)]
    public int Seed { get; set; } = 12345;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var options = Options();
        var pretrained = PretrainedWeight is null ? null : Require(() => PretrainedWeights.Read(ResolveInput(PretrainedWeight), options));
        foreach (var note in pretrained?.Notes ?? [])
            WriteVerbose(note);
        var model = Require(() => ModelFactory.Patch(options, Seed, pretrained));
        WriteObject(model.WithCard(Prepared(model.Card)));
        base.EndProcessing();
    }

    private PatchOptions Options() => new()
    {
        Architecture = Architecture,
        Classes = [.. Class],
        HiddenDropout = HiddenDropout,
        WeightDecay = WeightDecay,
        WidthMultiplier = WidthMultiplier,
        Channels = Channel,
    };
}
