using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Makes one model of several: an ensemble, whose probability is the mean of its parts' probabilities.</summary>
[Cmdlet(VerbsCommon.Join, "MammoModel")]
[OutputType(typeof(MammoModel))]
public sealed class JoinMammoModelCommand : MammoCmdlet
{
    private readonly List<MammoModel> _models = [];

    /// <summary>The models, two or more, with the same classes and the same preparation of images; they stay as they are.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotEmpty]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>Name of the ensemble.</summary>
    [Parameter]
    [NotEmpty]
    public string Name { get; set; } = "ensemble";

    /// <summary>Names of the parts, in the order of the models; the models' names unless set, numbered where two are alike.</summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "the models' names")]
    public string[]? PartName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var model in Model)
            WriteNotes(model);
        _models.AddRange(Model);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteObject(Require(() => Ensemble.Join(_models, Name, PartName)));
        base.EndProcessing();
    }
}
