using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Files;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Opens a model: a Keras HDF5 file, published or your own, or a safetensors file that Export-MammoModel wrote.</summary>
[Cmdlet(VerbsData.Import, "MammoModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoModel))]
public sealed class ImportMammoModelCommand : MammoCmdlet
{
    /// <summary>Model files; wildcards allowed, but a name that exists as it is written is taken literally ([ and ] in published names).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Model files, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Class names in the order of the model's outputs, the positive class last.</summary>
    [Parameter]
    [Alias("ClassList")]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>Height and width of the images that the model was trained on.</summary>
    [Parameter]
    [ImageSizeTransformation]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor from stored pixels to the 0..255 scale: 0.003891 for 16-bit images, 1 for 8-bit ones.</summary>
    [Parameter]
    [ValidateRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>Mean that is subtracted after rescaling, 0..255 scale: 52.18 for the published CBIS-DDSM models, 44.33 for INbreast.</summary>
    [Parameter]
    public double? FeaturewiseMean { get; set; }

    /// <summary>Histogram equalisation belongs to the model's preparation.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>A model with the same network, for a file that holds weights alone (Keras's save_weights); its card is taken over.</summary>
    [Parameter]
    [ValidateNotNull]
    public MammoModel? Like { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in ResolveExisting(isLiteral ? LiteralPath : Path, isLiteral))
            Attempt(() => Import(path), path);
    }

    private void Import(string path)
    {
        var imported = Like is null ? ModelFiles.Import(path) : ModelFiles.ImportWeights(path, Like);
        var isSaid = Class is not null && RescaleFactor is not null && FeaturewiseMean is not null;
        foreach (var note in imported.Notes)
        {
            // What the user states needs no warning that it was taken from a table.
            if (isSaid)
                WriteVerbose(note);
            else
                WriteWarning($"{System.IO.Path.GetFileName(path)}: {note}");
        }

        WriteObject(imported.Model.WithCard(Complete(imported.Model.Card)));
    }

    private ModelCard Complete(ModelCard card) => card with
    {
        Classes = Class is null ? card.Classes : [.. Class],
        ImageSize = ImageSize ?? card.ImageSize,
        RescaleFactor = RescaleFactor ?? card.RescaleFactor,
        FeaturewiseMean = FeaturewiseMean ?? card.FeaturewiseMean,
        EqualizeHistogram = MyInvocation.BoundParameters.ContainsKey(nameof(EqualizeHistogram)) ? EqualizeHistogram : card.EqualizeHistogram,
    };
}
