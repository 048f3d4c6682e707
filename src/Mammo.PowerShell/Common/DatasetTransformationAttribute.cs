using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a folder of class folders, or a CSV, be given where a dataset is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DatasetTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string path)
            return inputData;
        try
        {
            var full = engineIntrinsics.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
            return Directory.Exists(full) ? ClassFolders.Read(full) : DatasetCsv.Read(full);
        }
        catch (MammoException failure)
        {
            throw new ArgumentTransformationMetadataException(failure.Message, failure);
        }
    }
}
