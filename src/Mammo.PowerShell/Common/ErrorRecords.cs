using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>Core's errors as PowerShell's: the same id, a category, the target and the cure.</summary>
internal static class ErrorRecords
{
    private static readonly Dictionary<string, ErrorCategory> Categories = new(StringComparer.Ordinal)
    {
        [ErrorIds.ModelGraphInvalid] = ErrorCategory.InvalidData,
        [ErrorIds.ModelLayerUnsupported] = ErrorCategory.NotImplemented,
        [ErrorIds.ModelWeightMismatch] = ErrorCategory.InvalidData,
        [ErrorIds.ModelFileInvalid] = ErrorCategory.InvalidData,
        [ErrorIds.TorchUnavailable] = ErrorCategory.NotInstalled,
        [ErrorIds.FileNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.FileExists] = ErrorCategory.ResourceExists,
    };

    public static ErrorRecord Of(Exception failure, object? target = null)
    {
        if (failure is not MammoException known)
            return new ErrorRecord(failure, ErrorIds.Unexpected, failure is IOException or UnauthorizedAccessException ? ErrorCategory.WriteError : ErrorCategory.NotSpecified, target);
        var record = new ErrorRecord(known, known.ErrorId, Categories.GetValueOrDefault(known.ErrorId, ErrorCategory.InvalidData), target ?? known.Target);
        // PowerShell's error view prints the recommended action below the message.
        record.ErrorDetails = known.Cure is null ? null : new ErrorDetails(known.Message) { RecommendedAction = known.Cure };
        return record;
    }
}
