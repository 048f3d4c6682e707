using System.Collections;
using System.Management.Automation;
using Mammo.Networks.Storage;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a model file, or the name of a model that comes with Mammo, be given where a model is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is IList items)
            return items.Cast<object>().Select(item => Transform(engineIntrinsics, item)).ToArray();
        if (given is not string name)
            return given;
        try
        {
            var full = engineIntrinsics.SessionState.Path.GetUnresolvedProviderPathFromPSPath(name, out _, out _);
            var isShipped = !File.Exists(full) && ShippedModels.Names.Contains(name, StringComparer.OrdinalIgnoreCase);
            return ModelFiles.Import(isShipped ? ShippedModels.PathOf(name) : full).Model;
        }
        catch (MammoException failure)
        {
            throw new ArgumentTransformationMetadataException($"{failure.Message} [{failure.ErrorId}]", failure);
        }
    }
}
