using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Takes the parts of an ensemble as models of their own, each with its card.</summary>
[Cmdlet(VerbsCommon.Split, "MammoModel")]
[OutputType(typeof(MammoModel))]
public sealed class SplitMammoModelCommand : MammoCmdlet
{
    /// <summary>The ensemble; it stays as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel Model { get; set; } = null!;

    /// <summary>Names of the parts that are wanted; all unless set.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(PartCompleter))]
    [NotEmpty]
    [PSDefaultValue(Help = "all parts")]
    public string[]? Part { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(
        () =>
        {
            WriteNotes(Model);
            Ensemble.RequireEnsemble(Model);
            foreach (var part in Part ?? [.. Model.Parts.Select(part => part.Name)])
                Attempt(() => WriteObject(Ensemble.Part(Model, part)), part);
        },
        Model);
}
