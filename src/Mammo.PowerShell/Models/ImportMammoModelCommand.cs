using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Opens a model: a Keras HDF5 file, published or your own, a safetensors file that Export-MammoModel wrote, or one that comes with Mammo.</summary>
[Cmdlet(VerbsData.Import, "MammoModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoModel))]
public sealed class ImportMammoModelCommand : ModelCardCommand
{
    /// <summary>Model files; wildcards allowed, but a name that exists as it is written is taken literally ([ and ] in published names).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [NotEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Model files, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [NotEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A model that comes with Mammo: mini-mias, or mini-mias-contrast.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>A model with the same network, for a file that holds weights alone (Keras's save_weights); its card is taken over.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel? Like { get; set; }

    /// <summary>
    /// What makes probabilities of the outputs, where the network's last layer does not: Softmax or Sigmoid if they are logits, None if they are probabilities
    /// as they are. Without an answer such a model gives no scores.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "what the network says")]
    public OutputActivation? OutputActivation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            Attempt(() => Import(ShippedModels.PathOf(name)), name);
        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in ResolveExisting(isLiteral ? LiteralPath : Path, isLiteral))
            Attempt(() => Import(path), path);
    }

    private void Import(string path)
    {
        var imported = Like is null ? ModelFiles.Import(path) : ModelFiles.ImportWeights(path, Like);
        WriteNotes(path, imported.Notes);
        var model = OutputActivation is { } activation ? OutputActivations.Add(imported.Model, activation) : imported.Model;
        if (ModelOutputs.Question(model) is { } question)
            WriteFinding(question with { Subject = path });
        WriteObject(model.WithCard(Complete(model.Card)));
    }
}
