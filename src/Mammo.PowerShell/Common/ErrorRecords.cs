using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>Core's errors as PowerShell's: the same id, a category, the target and the cure.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord Of(Exception failure, object? target = null)
    {
        if (failure is not MammoException known)
            return new ErrorRecord(failure, ErrorIds.Unexpected, failure is IOException or UnauthorizedAccessException ? ErrorCategory.WriteError : ErrorCategory.NotSpecified, target);
        var record = new ErrorRecord(known, known.ErrorId, Category(known.ErrorId), target ?? known.Target);
        // PowerShell's error view prints the recommended action below the message.
        record.ErrorDetails = known.Cure is null ? null : new ErrorDetails(known.Message) { RecommendedAction = known.Cure };
        return record;
    }

    private static ErrorCategory Category(string errorId) => errorId switch
    {
        ErrorIds.FileNotFound or ErrorIds.ClassFolderMissing => ErrorCategory.ObjectNotFound,
        ErrorIds.FileExists or ErrorIds.CheckpointExists or ErrorIds.ConversionTargetTaken => ErrorCategory.ResourceExists,
        ErrorIds.FileNotWritten or ErrorIds.FolderUnwritable or ErrorIds.CheckpointUnwritable or ErrorIds.DiskFull => ErrorCategory.WriteError,
        ErrorIds.TorchUnavailable or ErrorIds.OnnxUnavailable or ErrorIds.ImageLibraryUnavailable => ErrorCategory.NotInstalled,
        ErrorIds.DeviceUnavailable or ErrorIds.EngineFailed => ErrorCategory.ResourceUnavailable,
        ErrorIds.ImageTooLarge or ErrorIds.OnnxTooLarge => ErrorCategory.LimitsExceeded,
        ErrorIds.ModelLayerUnsupported => ErrorCategory.NotImplemented,
        ErrorIds.ModelRemoved => ErrorCategory.InvalidOperation,
        ErrorIds.EngineConflict or ErrorIds.ModelOptionConflict or ErrorIds.PatchOptionInvalid or ErrorIds.TrainingOptionInvalid
            or ErrorIds.ModelArchitectureUnknown or ErrorIds.ModelRecipeUnknown or ErrorIds.ModelClassMismatch or ErrorIds.ModelInputMismatch or ErrorIds.ModelsDiffer
            or ErrorIds.ConversionOptionInvalid or ErrorIds.HeatmapImpossible or ErrorIds.ModelNameUnknown or ErrorIds.RoiTrainingImpossible
            or ErrorIds.SplitImpossible or ErrorIds.SweepImpossible => ErrorCategory.InvalidArgument,
        _ => ErrorCategory.InvalidData,
    };
}
