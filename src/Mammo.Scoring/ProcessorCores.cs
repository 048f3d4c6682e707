namespace Mammo.Scoring;

/// <summary>How many threads compute-bound work should use.</summary>
internal static class ProcessorCores
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>
    /// Cores that this process may use: hyper-threads of a core count once where the system reports them (Linux), limits of containers are kept.
    /// </summary>
    public static int Count { get; } = Math.Min(Environment.ProcessorCount, Physical() ?? int.MaxValue);

    private static int? Physical()
    {
        try
        {
            var cores = Directory.EnumerateDirectories(Topology, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return cores > 0 ? cores : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
