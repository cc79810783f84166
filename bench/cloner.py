"""Multiplies documents that the ORM made, by ``INSERT ... SELECT``.

A bundle is a set of rows that belong together (an order, its lines, its transfer, its invoice, its
payment).  Each copy gets fresh ids, references inside the bundle follow, everything else is what
the ORM wrote, except what the caller replaces.
"""

from odoo.tools import SQL

CHUNK = 50_000  # copies in one statement: what it sorts fits into memory


class Bundle:
    """Rows of several tables that are copied together.

    :param rows: ``{table: ids}``
    """

    def __init__(self, rows):
        self.rows = {table: sorted(ids) for table, ids in rows.items() if ids}


class Cloner:
    """Copies bundles in one database; use as a context manager around all the copying.

    :param drop_indexes: False inside a transaction that will use them: PostgreSQL would not trust
        indexes younger than the transaction

    Rows of the many2many tables ``links`` follow what they link.  Indexes of the tables are dropped
    meanwhile and foreign keys not checked (when the database user may do that), which makes it ten
    times faster; sequences and statistics are set at the end.
    """

    def __init__(self, env, tables, links, drop_indexes=True):
        self.env = env
        self.drop_indexes = drop_indexes
        self.cr = env.cr
        self.tables = list(tables)
        self.links = list(links)
        self.indexes = []
        self.columns = {table: self._columns(table) for table in self.tables + self.links}
        self.keys = {table: self._keys(table) for table in self.tables + self.links}

    def __enter__(self):
        self.env.flush_all()
        self.cr.execute("SET LOCAL work_mem = '256MB'")
        if self._rows(SQL("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))[0][0]:
            self.cr.execute("SET LOCAL session_replication_role = replica")
        if self.drop_indexes:
            self._drop_indexes()
        return self

    def _drop_indexes(self):
        self.indexes = self._rows(
            SQL(
                """
                SELECT c.oid::regclass::text, pg_get_indexdef(c.oid)
                  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = ANY(%s::regclass[])
                   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
                """,
                self.tables + self.links,
            )
        )
        for name, _definition in self.indexes:
            self.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

    def __exit__(self, kind, error, traceback):
        if kind:
            return
        self.cr.execute("SET LOCAL session_replication_role = DEFAULT")
        self.cr.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for _name, definition in self.indexes:
            self.cr.execute(definition)
        for table in self.tables:
            name = SQL.identifier(table)
            self.cr.execute(
                SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM %s", table, name)
            )
        self.env.invalidate_all()

    def copy(self, bundle, copies, documents, replace):
        """Insert ``copies`` copies of a bundle.

        :param documents: SQL of the columns of ``doc``, one row per copy, over ``n`` from 1
        :param replace: ``(table, column, kind) -> SQL`` of a new value, or None to keep it; it may
            use ``src`` (the row copied) and ``doc``
        :return: ``{table: first new id}``
        """
        starts = {table: self._last_id(table) + 1 for table in bundle.rows}
        for first in range(1, copies + 1, CHUNK):
            some = SQL("generate_series(%s, %s)", first, min(copies, first + CHUNK - 1))
            for table, ids in bundle.rows.items():
                fresh = {"id": self._mapped("id", ids, starts[table])}
                self._insert(bundle, table, some, documents, starts, replace, fresh)
            for table in self.links:
                if not bundle.rows.keys().isdisjoint(self.keys[table].values()):
                    self._insert(bundle, table, some, documents, starts, replace, {})
        return starts

    def _insert(self, bundle, table, some, documents, starts, replace, fresh):
        values = dict(fresh)
        for column, target in self.keys[table].items():
            if target in bundle.rows:
                values[column] = self._mapped(column, bundle.rows[target], starts[target])
        for column, kind in self.columns[table].items():
            new = replace(table, column, kind) if column not in values else None
            if new is not None:
                values[column] = new
        columns = list(self.columns[table])
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s
                  FROM (SELECT n, %(documents)s FROM %(some)s AS n) AS doc
                 CROSS JOIN %(table)s AS src
                 WHERE %(mine)s
                 ORDER BY doc.n
                """,
                table=SQL.identifier(table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(
                    values.get(column, SQL.identifier("src", column)) for column in columns
                ),
                documents=documents,
                some=some,
                mine=self._mine(bundle, table),
            )
        )

    def _mine(self, bundle, table):
        """Which rows of a table belong to the bundle."""
        if table in bundle.rows:
            return SQL("src.id = ANY(%s)", bundle.rows[table])
        return SQL(" AND ").join(
            SQL("%s = ANY(%s)", SQL.identifier("src", column), bundle.rows[target])
            for column, target in self.keys[table].items()
            if target in bundle.rows
        )

    def _mapped(self, column, ids, start):
        """The new id that takes an old one's place in copy ``doc.n``; others stay."""
        whens = SQL(" ").join(
            SQL("WHEN %s THEN %s + (doc.n - 1) * %s", old, start + place, len(ids))
            for place, old in enumerate(ids)
        )
        name = SQL.identifier("src", column)
        return SQL("CASE %s %s ELSE %s END", name, whens, name)

    def _last_id(self, table):
        return self._rows(SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table)))[0][0]

    def _columns(self, table):
        return dict(
            self._rows(
                SQL(
                    "SELECT column_name, udt_name FROM information_schema.columns"
                    " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    table,
                )
            )
        )

    def _keys(self, table):
        return dict(
            self._rows(
                SQL(
                    """
                    SELECT a.attname, k.confrelid::regclass::text
                      FROM pg_constraint k
                      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                     WHERE k.contype = 'f' AND k.conrelid = %s::regclass
                    """,
                    table,
                )
            )
        )

    def _rows(self, query):
        self.cr.execute(query)
        return self.cr.fetchall()
