--
-- PostgreSQL database dump
--

\restrict 3l0ngT0kenOfTheDump

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.orders (
    id bigint NOT NULL,
    placed_on date NOT NULL,
    total numeric(12,2) NOT NULL
);

ALTER TABLE public.orders OWNER TO orders_owner;

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

CREATE INDEX orders_by_day ON public.orders USING btree (placed_on);

\unrestrict 3l0ngT0kenOfTheDump
