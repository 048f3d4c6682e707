namespace Mammo.Scoring.Managed;

/// <summary>The tiles of a step in one run.</summary>
/// <param name="Tiles">Numbers of those that are computed, ascending.</param>
/// <param name="Copies">Those that are copied afterwards, and from where.</param>
internal sealed record TileWork(int[] Tiles, (int Target, int Source)[] Copies);
